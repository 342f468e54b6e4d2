//! What models cost. A price is kept in whole units with six places, and bound as its number of millionths.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::DbRow;
use super::statement::statements;
use super::tx::DbTx;
use crate::domain::usage::{MicroUnits, Price};
use crate::store::{PriceRecord, Prices, StoreError};

statements! {
    SET_PRICE = "INSERT INTO model_prices (model_id, input_price_per_1m, output_price_per_1m, \
        cache_read_price_per_1m, cache_write_price_per_1m, currency, created_at, updated_at) \
        VALUES ($1, CAST($2 AS BIGINT) / 1000000.0, CAST($3 AS BIGINT) / 1000000.0, \
        CAST($4 AS BIGINT) / 1000000.0, CAST($5 AS BIGINT) / 1000000.0, $6, $7, $7) \
        ON CONFLICT (model_id) DO UPDATE SET input_price_per_1m = excluded.input_price_per_1m, \
        output_price_per_1m = excluded.output_price_per_1m, \
        cache_read_price_per_1m = excluded.cache_read_price_per_1m, \
        cache_write_price_per_1m = excluded.cache_write_price_per_1m, \
        currency = excluded.currency, updated_at = excluded.updated_at";
    PRICES = "SELECT model_id, CAST(round(input_price_per_1m * 1000000) AS BIGINT) AS input, \
        CAST(round(output_price_per_1m * 1000000) AS BIGINT) AS output, \
        CAST(round(cache_read_price_per_1m * 1000000) AS BIGINT) AS cache_read, \
        CAST(round(cache_write_price_per_1m * 1000000) AS BIGINT) AS cache_write, currency \
        FROM model_prices WHERE model_id > '' ORDER BY model_id LIMIT $1";
}

#[async_trait]
impl Prices for DbTx {
    async fn set_price(&mut self, new: &PriceRecord) -> Result<(), StoreError> {
        let price = new.price;
        let bound = sqlx::query(SET_PRICE)
            .bind(new.model.as_str())
            .bind(millionths(price.input)?)
            .bind(millionths(price.output)?)
            .bind(millionths(price.cache_read)?)
            .bind(millionths(price.cache_write)?)
            .bind(&new.currency)
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn prices(&mut self, limit: u32) -> Result<Vec<PriceRecord>, StoreError> {
        self.all(sqlx::query(PRICES).bind(i64::from(limit))).await?.iter().map(price).collect()
    }
}

fn millionths(price: MicroUnits) -> Result<i64, StoreError> {
    i64::try_from(price.0).map_err(|_| StoreError::Refused { rule: "prices_in_range".into() })
}

fn price(row: &DbRow) -> Result<PriceRecord, StoreError> {
    let cells = Cells(row);
    let units = |column| {
        let kept: i64 = cells.get(column)?;
        let kept = u64::try_from(kept);
        kept.map(MicroUnits).map_err(|_| StoreError::Inconsistent { what: format!("{column} below 0") })
    };
    Ok(PriceRecord {
        model: cells.id("model_id")?,
        price: Price {
            input: units("input")?,
            output: units("output")?,
            cache_read: units("cache_read")?,
            cache_write: units("cache_write")?,
        },
        currency: cells.get("currency")?,
    })
}
