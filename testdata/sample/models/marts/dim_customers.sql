select
    customer_id,
    min(day) as first_order,
    max(day) as last_order
from {{ ref('stg_orders') }}
group by customer_id
