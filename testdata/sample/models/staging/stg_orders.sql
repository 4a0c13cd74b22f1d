select
    order_id,
    customer_id,
    cast(ordered_at as date) as day,
    amount
from {{ source('shop', 'orders') }}
