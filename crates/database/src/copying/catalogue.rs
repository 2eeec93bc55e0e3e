//! Which tables there are, and statements about all of them.

use super::order;
use crate::Error;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// Tables whose rows belong to the running vault and not into its copy. Sign-ins and links: a copy signs
/// everybody out. What is to be deleted and what was found in the store: a copy has a store of its own.
pub(super) const LEFT_OUT: [&str; 8] = [
    MIGRATIONS,
    "object_deletions",
    "one_time_tokens",
    "passkey_ceremonies",
    "refresh_tokens",
    "scrub_findings",
    "scrubs",
    "sessions",
];

/// Where sqlx notes which migrations were applied.
pub(super) const MIGRATIONS: &str = "_sqlx_migrations";

const TABLES: &str = "
    SELECT c.relname::text AS name,
           array_agg(a.attname::text ORDER BY a.attnum) AS columns,
           format('COPY public.%I (%s) TO STDOUT', c.relname,
                  string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)) AS copy_out,
           format('COPY public.%I (%s) FROM STDIN', c.relname,
                  string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)) AS copy_in
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL ($1)
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     GROUP BY c.relname ORDER BY c.relname";

const REFERENCES: &str = "
    SELECT child.relname::text, parent.relname::text
      FROM pg_constraint k
      JOIN pg_class child ON child.oid = k.conrelid
      JOIN pg_class parent ON parent.oid = k.confrelid
     WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace AND k.conrelid <> k.confrelid";

/// A table whose rows are copied.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order in which they are copied.
    pub columns: Vec<String>,
    pub(super) copy_out: String,
    pub(super) copy_in: String,
}

/// The tables whose rows are copied, each after those that it refers to.
pub(super) async fn tables(connection: &mut PgConnection) -> Result<Vec<Table>, Error> {
    let left_out: Vec<String> = LEFT_OUT.map(str::to_owned).into();
    let rows = sqlx::query(TABLES)
        .bind(left_out)
        .fetch_all(&mut *connection)
        .await?;
    let references: Vec<(String, String)> =
        sqlx::query_as(REFERENCES).fetch_all(connection).await?;
    let tables = rows
        .into_iter()
        .map(|row| {
            Ok(Table {
                name: row.try_get("name")?,
                columns: row.try_get("columns")?,
                copy_out: row.try_get("copy_out")?,
                copy_in: row.try_get("copy_in")?,
            })
        })
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
    Ok(order::parents_first(tables, &references))
}

/// Whether migrations were ever applied.
pub(super) async fn is_migrated(connection: &mut PgConnection) -> Result<bool, Error> {
    Ok(
        sqlx::query_scalar("SELECT to_regclass('public._sqlx_migrations') IS NOT NULL")
            .fetch_one(connection)
            .await?,
    )
}

/// Runs the statements that a query over the catalogue makes, with these names for its `$1`. It quotes
/// every name that it puts into them.
pub(super) async fn run_made(
    connection: &mut PgConnection,
    query: &'static str,
    names: &[&str],
) -> Result<(), Error> {
    if let Some(statements) = made(connection, query, names).await? {
        sqlx::raw_sql(AssertSqlSafe(statements))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// What a query that a query over the catalogue makes says; `false` when it makes none.
pub(super) async fn ask_made(
    connection: &mut PgConnection,
    query: &'static str,
    names: &[&str],
) -> Result<bool, Error> {
    match made(connection, query, names).await? {
        None => Ok(false),
        Some(made) => Ok(sqlx::query_scalar(AssertSqlSafe(made))
            .fetch_one(connection)
            .await?),
    }
}

async fn made(
    connection: &mut PgConnection,
    query: &'static str,
    names: &[&str],
) -> Result<Option<String>, Error> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    Ok(sqlx::query_scalar(query)
        .bind(names)
        .fetch_one(connection)
        .await?)
}
