//! Databases of older versions, and all that stands in one.

use crate::TestDatabase;
use sqlx::{Connection, PgConnection, migrate::Migrator};
use std::{collections::BTreeMap, path::Path};

impl TestDatabase {
    /// One with the schema that the vault had after this migration.
    ///
    /// # Panics
    /// When it can't be made.
    pub async fn at(version: i64) -> Self {
        let test = Self::create().await;
        let empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;
                     GRANT USAGE ON SCHEMA public TO docuvault_app;
                     GRANT USAGE, CREATE ON SCHEMA public TO docuvault_migrate";
        sqlx::raw_sql(empty).execute(&test.admin).await.unwrap();
        let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let migrator = Migrator::new(migrations).await.unwrap();
        let mut migrate = PgConnection::connect(&test.migrate_url).await.unwrap();
        migrator.run_to(version, &mut migrate).await.unwrap();
        migrate.close().await.unwrap();
        test
    }

    /// Every row of every table as text, table by table.
    ///
    /// # Panics
    /// When they can't be had.
    pub async fn rows(&self) -> BTreeMap<String, Vec<String>> {
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
                .fetch_all(&self.admin)
                .await
                .unwrap();
        let mut all = BTreeMap::new();
        for table in tables {
            let query = format!("SELECT t::text FROM public.\"{table}\" t ORDER BY 1");
            let rows = sqlx::query_scalar(sqlx::AssertSqlSafe(query));
            all.insert(table, rows.fetch_all(&self.admin).await.unwrap());
        }
        all
    }
}

impl TestDatabase {
    /// Changes rows with a statement of the test's own making, as the superuser.
    ///
    /// # Panics
    /// When it can't be done.
    pub async fn execute_made(&self, statement: String) {
        let statement = sqlx::AssertSqlSafe(statement);
        sqlx::query(statement).execute(&self.admin).await.unwrap();
    }
}
