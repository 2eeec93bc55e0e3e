//! Rows into a database that holds nobody's vault: all of it in one transaction, the schema included.
//! Whatever breaks it off leaves the database as it was.

use super::{
    Table,
    catalogue::{LEFT_OUT, MIGRATIONS, ask_made, is_migrated, run_made, tables},
};
use crate::{Database, Error, UnitOfWork};
use sqlx::{
    PgConnection, Postgres, Transaction,
    postgres::{PgCopyIn, PgPoolOptions},
};

/// Where a vault writes by itself before anybody has an account, beside what is left out anyway.
const BEFORE_ACCOUNTS: [&str; 2] = ["audit_chains", "audit_log"];

const HOLDS_ROWS: &str = "
    SELECT 'SELECT EXISTS ('
           || string_agg(format('SELECT 1 FROM public.%I', relname), ' UNION ALL ') || ')'
      FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> ALL ($1)";

const LOCK: &str = "
    SELECT string_agg(format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', relname), ';')
      FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> ALL ($1)";

const DROP_TABLES: &str = "
    SELECT string_agg(format('DROP TABLE public.%I CASCADE', relname), ';')
      FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> ALL ($1)";

/// Those of migrations; not those of extensions, of which `$1` names none.
const DROP_FUNCTIONS: &str = "
    SELECT string_agg(format('DROP ROUTINE %s CASCADE', p.oid::regprocedure), ';')
      FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace AND p.proname <> ALL ($1)
       AND NOT EXISTS (SELECT FROM pg_depend d
                        WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')";

const TRIGGERS_OFF: &str = "
    SELECT string_agg(format('ALTER TABLE public.%I DISABLE TRIGGER USER', relname), ';')
      FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL ($1)";

const TRIGGERS_ON: &str = "
    SELECT string_agg(format('ALTER TABLE public.%I ENABLE TRIGGER USER', relname), ';')
      FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL ($1)";

/// Numbers that PostgreSQL gives out go on after the highest that was given.
const SEQUENCES: &str = "
    SELECT string_agg(format(
               'SELECT setval(%L, (SELECT COALESCE(max(%I), 0) + 1 FROM public.%I), false)',
               pg_get_serial_sequence(format('public.%I', c.relname), a.attname), a.attname, c.relname), ';')
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL ($1)
       AND a.attnum > 0 AND NOT a.attisdropped
       AND pg_get_serial_sequence(format('public.%I', c.relname), a.attname) IS NOT NULL";

/// How long the import waits for whoever uses a table.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = 0";

/// An import of rows that is under way. Dropping it undoes everything.
pub struct Restoration {
    transaction: Transaction<'static, Postgres>,
}

/// The rows of one table on their way in.
pub struct CopyIn<'a> {
    copying: PgCopyIn<&'a mut PgConnection>,
}

impl Database {
    /// Whether this version of DocuVault knows that migration.
    pub fn knows_schema(version: i64) -> bool {
        crate::MIGRATIONS.version_exists(version)
    }

    /// Whether the database holds no vault that anybody uses, so that one can be imported. `url` names
    /// the migrate role.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn is_vacant(url: &str) -> Result<bool, Error> {
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await?;
        let vacant = vacant(&mut *pool.acquire().await?).await;
        pool.close().await;
        vacant
    }
}

async fn vacant(connection: &mut PgConnection) -> Result<bool, Error> {
    let may_hold = [LEFT_OUT.as_slice(), BEFORE_ACCOUNTS.as_slice()].concat();
    Ok(!ask_made(connection, HOLDS_ROWS, &may_hold).await?)
}

impl Restoration {
    /// Begins: the schema is made anew, up to this migration. `None` when the database holds a vault.
    ///
    /// # Errors
    /// When the database can't be reached, somebody keeps using its tables, or the migrate role lacks a
    /// right.
    pub async fn begin(url: &str, schema: i64) -> Result<Option<Self>, Error> {
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await?;
        let mut transaction = pool.begin().await?;
        sqlx::raw_sql(LOCK_TIMEOUT)
            .execute(&mut *transaction)
            .await?;
        run_made(&mut transaction, LOCK, &[]).await?;
        if !vacant(&mut transaction).await? {
            return Ok(None);
        }
        clear(&mut transaction).await?;
        let connection: &mut PgConnection = &mut transaction;
        crate::MIGRATIONS.run_to(schema, connection).await?;
        run_made(&mut transaction, TRIGGERS_OFF, &[MIGRATIONS]).await?;
        Ok(Some(Self { transaction }))
    }

    /// The tables to fill, each after those that it refers to.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn tables(&mut self) -> Result<Vec<Table>, Error> {
        tables(&mut self.transaction).await
    }

    /// Begins to fill a table with what [`Snapshot::rows`](super::Snapshot::rows) gave.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn copy_in(&mut self, table: &Table) -> Result<CopyIn<'_>, Error> {
        let copying = self.transaction.copy_in_raw(&table.copy_in).await?;
        Ok(CopyIn { copying })
    }

    /// How many objects documents name.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn objects_named(&mut self) -> Result<i64, Error> {
        Ok(
            sqlx::query_scalar("SELECT count(*) + count(thumbnail_key) FROM documents")
                .fetch_one(&mut *self.transaction)
                .await?,
        )
    }

    /// Removes the documents whose bytes these objects were, and takes those that were pictures off
    /// theirs. Gives how many documents that removed.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn without_objects(&mut self, keys: &[String]) -> Result<u64, Error> {
        sqlx::query("UPDATE documents SET thumbnail_key = NULL WHERE thumbnail_key = ANY ($1)")
            .bind(keys)
            .execute(&mut *self.transaction)
            .await?;
        let removed = sqlx::query("DELETE FROM documents WHERE object_key = ANY ($1)")
            .bind(keys)
            .execute(&mut *self.transaction)
            .await?;
        Ok(removed.rows_affected())
    }

    /// Brings the schema up to date, has every job that was not done begin anew, counts the quotas, and
    /// makes it all lasting.
    ///
    /// # Errors
    /// When a statement fails; then nothing was changed.
    pub async fn finish(mut self) -> Result<(), Error> {
        run_made(&mut self.transaction, SEQUENCES, &[MIGRATIONS]).await?;
        run_made(&mut self.transaction, TRIGGERS_ON, &[MIGRATIONS]).await?;
        let connection: &mut PgConnection = &mut self.transaction;
        // In this transaction: a migration that can't run in one can't be among those that there are.
        crate::MIGRATIONS.run(connection).await?;
        let mut work = UnitOfWork {
            transaction: self.transaction,
            _turn: None,
        };
        work.begin_jobs_anew().await?;
        work.recount_quotas().await?;
        work.commit().await
    }
}

/// Takes the schema away, so that migrations can make it from the start. What sqlx notes them in stays:
/// made anew, it would get the rights that the app role has on every later table.
async fn clear(connection: &mut PgConnection) -> Result<(), Error> {
    run_made(connection, DROP_TABLES, &[MIGRATIONS]).await?;
    run_made(connection, DROP_FUNCTIONS, &[]).await?;
    if is_migrated(connection).await? {
        sqlx::query("DELETE FROM _sqlx_migrations")
            .execute(connection)
            .await?;
    }
    Ok(())
}

impl CopyIn<'_> {
    /// Sends more of it.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.copying.send(bytes).await.map_err(Error::Query)?;
        Ok(())
    }

    /// Ends it, and gives how many rows came in.
    ///
    /// # Errors
    /// When PostgreSQL does not take them.
    pub async fn finish(self) -> Result<u64, Error> {
        // As it is: none of it would work at a second try.
        self.copying.finish().await.map_err(Error::Query)
    }
}

impl UnitOfWork {
    /// Has every job that is not done begin as soon as somebody looks. Those that were running when the
    /// rows were written down were not at fault that they ended.
    async fn begin_jobs_anew(&mut self) -> Result<(), Error> {
        sqlx::query!(
            "UPDATE jobs
                SET attempts = CASE WHEN state = 'running' THEN greatest(attempts - 1, 0) ELSE attempts END,
                    state = 'queued', lease_expires_at = NULL, dispatched_at = NULL, run_at = least(run_at, now())
              WHERE state IN ('queued', 'running')"
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}
