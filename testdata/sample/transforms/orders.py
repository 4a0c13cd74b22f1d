"""What the warehouse says about orders."""

import pandas as pd


def daily_revenue(orders):
    """Return the revenue per day and currency, refunds taken off."""
    paid = orders[orders["status"] != "cancelled"].copy()
    paid["net"] = paid["amount"] - paid["refund"].fillna(0)
    return paid.groupby(["day", "currency"], as_index=False)["net"].sum()


def order_size(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the number of lines of each order."""
    return lines.groupby("order_id", as_index=False).size()
