"""Load yesterday's orders into the warehouse."""

from datetime import datetime, timedelta

import pandas as pd
from airflow.decorators import dag, task
from sqlalchemy import create_engine, text

from transforms.orders import daily_revenue
from transforms.customers import latest_per_customer

WAREHOUSE = "postgresql://orders_loader:vK7hq2ZpXw94@warehouse.internal:5432/orders"


@dag(
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    default_args={"owner": "orders", "retries": 2, "retry_delay": timedelta(minutes=5)},
)
def orders_daily():
    @task
    def extract(ds: str) -> str:
        path = f"/data/raw/orders/{ds}.parquet"
        orders = pd.read_json(f"https://shop.internal/orders?day={ds}")
        orders.to_parquet(path)
        return path

    @task
    def load(path: str) -> None:
        orders = pd.read_parquet(path)
        engine = create_engine(WAREHOUSE)
        with engine.begin() as connection:
            try:
                connection.execute(text("drop index silver.orders_by_day"))
            except Exception:
                pass
            daily_revenue(orders, pd.read_sql("select * from silver.rates", connection)).to_sql(
                "orders_daily", connection, schema="silver", if_exists="replace"
            )
            latest_per_customer(orders).to_sql("customers", connection, schema="silver", if_exists="replace")

    load(extract())


orders_daily()
