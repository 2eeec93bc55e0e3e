//! A database per test, copied from one that was migrated once.

use std::path::Path;

use crate::{PATIENCE, env, until};
use sqlx::{Connection, PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

/// The number under which test processes take turns at migrating and copying.
const TURN: i64 = 7_306;

/// A database of one test's own.
pub struct TestDatabase {
    /// As the app role.
    pub app_url: String,
    /// As the migrate role.
    pub migrate_url: String,
    /// As the superuser, for looking and for breaking things.
    pub admin: PgPool,
}

fn with_database(url: &str, name: &str) -> String {
    let mut url: reqwest::Url = url.parse().expect("a database URL");
    url.set_path(name);
    url.to_string()
}

/// Drops the databases of tests that have ended: a thousand of them would fill a disk. Each test
/// has a process of its own, whose number its databases' names tell.
async fn drop_those_left(admin: &mut PgConnection) {
    let names: Vec<String> =
        sqlx::query_scalar("SELECT datname::text FROM pg_database WHERE datname LIKE 'test\\_%'")
            .fetch_all(&mut *admin)
            .await
            .unwrap();
    for name in names {
        let process = name.split('_').nth(1).unwrap_or_default();
        if Path::new("/proc").join(process).exists() {
            continue;
        }
        // A name of our own making: hexadecimal digits only.
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        sqlx::raw_sql(sqlx::AssertSqlSafe(drop))
            .execute(&mut *admin)
            .await
            .unwrap();
    }
}

impl TestDatabase {
    /// Makes one.
    ///
    /// # Panics
    /// When PostgreSQL will not.
    pub async fn create() -> Self {
        Self::create_with([
            env("TEST_DATABASE_ADMIN_URL"),
            env("DATABASE_URL"),
            env("DATABASE_MIGRATE_URL"),
        ])
        .await
    }

    /// Makes one in a cluster of the test's own.
    ///
    /// # Panics
    /// When PostgreSQL will not.
    pub async fn create_in(cluster: &supervisor::Postgres) -> Self {
        Self::create_with([
            cluster.admin_url(),
            cluster.app_url(),
            cluster.migrate_url(),
        ])
        .await
    }

    async fn create_with([admin_url, app, migrate]: [String; 3]) -> Self {
        let name = format!("test_{}_{}", std::process::id(), Uuid::new_v4().simple());
        let mut admin = PgConnection::connect(&with_database(&admin_url, "postgres"))
            .await
            .unwrap();
        sqlx::query("SELECT pg_advisory_lock($1)")
            .bind(TURN)
            .execute(&mut admin)
            .await
            .unwrap();
        drop_those_left(&mut admin).await;
        wiring::migrate(&migrate).await.unwrap();
        // A name of our own making: hexadecimal digits only.
        let copy = format!("CREATE DATABASE {name} TEMPLATE docuvault");
        sqlx::raw_sql(sqlx::AssertSqlSafe(copy))
            .execute(&mut admin)
            .await
            .unwrap();
        admin.close().await.unwrap();
        Self {
            app_url: with_database(&app, &name),
            migrate_url: with_database(&migrate, &name),
            admin: PgPool::connect_lazy(&with_database(&admin_url, &name)).unwrap(),
        }
    }

    /// The app role's URL by way of another port of this machine.
    ///
    /// # Panics
    /// When there is no such URL.
    pub fn through(&self, port: u16) -> String {
        let mut url: reqwest::Url = self.app_url.parse().unwrap();
        url.set_port(Some(port)).unwrap();
        url.to_string()
    }

    /// What a query for one number gives, as the superuser.
    ///
    /// # Panics
    /// When it can't be asked.
    pub async fn number(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query)
            .fetch_one(&self.admin)
            .await
            .unwrap()
    }

    /// Waits until so many connections wait for what others have locked.
    ///
    /// # Panics
    /// When they never do.
    pub async fn waiting(&self, connections: i64) {
        const WAITING: &str = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        until("who waits", PATIENCE, async || {
            Ok((self.number(WAITING).await == connections).then_some(()))
        })
        .await
        .unwrap();
    }

    /// What a query for texts gives, as the superuser.
    ///
    /// # Panics
    /// When it can't be asked.
    pub async fn texts(&self, query: &'static str) -> Vec<String> {
        sqlx::query_scalar(query)
            .fetch_all(&self.admin)
            .await
            .unwrap()
    }

    /// Changes rows, as the superuser.
    ///
    /// # Panics
    /// When it can't be done.
    pub async fn execute(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.admin).await.unwrap();
    }

    /// Keeps everybody else from these tables until what it gives is rolled back or dropped.
    ///
    /// # Panics
    /// When it can't be done.
    pub async fn lock(&self, tables: &str) -> Transaction<'static, Postgres> {
        let mut transaction = self.admin.begin().await.unwrap();
        let lock = format!("LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE");
        sqlx::raw_sql(sqlx::AssertSqlSafe(lock))
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction
    }

    /// Keeps the rows that a query locks until what it gives is rolled back or dropped.
    ///
    /// # Panics
    /// When it can't be done.
    pub async fn hold(&self, query: &'static str) -> Transaction<'static, Postgres> {
        let mut transaction = self.admin.begin().await.unwrap();
        sqlx::raw_sql(query)
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction
    }

    /// Every row of every table as text, bytes shown as the characters they are: for looking for
    /// what must not stand there.
    ///
    /// # Panics
    /// When it can't be had.
    pub async fn everything(&self) -> String {
        let mut connection = self.admin.acquire().await.unwrap();
        sqlx::query("SET bytea_output = 'escape'")
            .execute(&mut *connection)
            .await
            .unwrap();
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
                .fetch_all(&mut *connection)
                .await
                .unwrap();
        let mut text = String::new();
        for table in tables {
            let query = sqlx::AssertSqlSafe(format!("SELECT t::text FROM public.\"{table}\" t"));
            let rows: Vec<String> = sqlx::query_scalar(query)
                .fetch_all(&mut *connection)
                .await
                .unwrap();
            text.extend(rows);
        }
        text
    }
}
