import pandas as pd

from transforms.customers import latest_per_customer
from transforms.orders import order_size


def test_latest_per_customer_keeps_the_newest_order() -> None:
    orders = pd.DataFrame(
        {"customer_id": [1, 1], "order_id": [10, 11], "ordered_at": ["2026-01-01", "2026-01-02"]}
    )
    assert latest_per_customer(orders)["order_id"].tolist() == [11]


def test_order_size_counts_lines() -> None:
    assert order_size(pd.DataFrame({"order_id": [1, 1, 2]}))["size"].tolist() == [2, 1]
