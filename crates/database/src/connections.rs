//! Connections to PostgreSQL: sqlx's pool, and before it those whose last statement surely came to its end.
//!
//! sqlx asks every connection that is given back whether it still stands, as a statement may have been dropped
//! half-way: one round trip more for each statement. Here it is known how a statement ended. Whatever did not
//! end well goes back to sqlx, which looks at it.

use futures::{
    FutureExt, StreamExt, TryFutureExt, TryStreamExt,
    future::{BoxFuture, join_all},
    stream,
    stream::BoxStream,
};
use sqlx::{
    Connection, Describe, Either, Execute, Executor, PgPool, Postgres, SqlStr, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions, PgQueryResult, PgRow, PgStatement, PgTypeInfo},
};
use std::{
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, Once, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long a statement waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that was idle for so long is asked whether it still stands before it is used. No PostgreSQL
/// restarts in a shorter time: once it is back, what died with it is found out.
const RESTED: Duration = Duration::from_millis(20);

/// How long such a question may take. A machine that is gone without a word gives no answer for a quarter
/// of an hour.
const LOOK: Duration = Duration::from_secs(1);

/// How long sqlx keeps a connection that nobody uses.
const IDLE: Duration = Duration::from_secs(300);

/// How often what is kept here goes back to sqlx, which ends what is old or idle.
const KEPT: Duration = Duration::from_secs(60);

/// A connection that nobody uses, and since when.
#[derive(Debug)]
struct Kept {
    connection: PoolConnection<Postgres>,
    since: Instant,
}

/// A connection that may not stand any more. Dropped, it is ended, and takes no room in the pool.
struct Doubtful(Option<PoolConnection<Postgres>>);

impl Drop for Doubtful {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}

impl Doubtful {
    /// The connection, if it stands.
    async fn looked_at(mut self) -> Option<PoolConnection<Postgres>> {
        let connection = self.0.as_mut()?;
        timeout(LOOK, connection.ping()).await.ok()?.ok()?;
        self.0.take()
    }
}

#[derive(Debug)]
struct Shared {
    pool: PgPool,
    /// As many as there may be connections.
    turns: Arc<Semaphore>,
    /// The last used first: its caches are warm, and the others come to rest.
    kept: Mutex<Vec<Kept>>,
    /// Tells those who wait for sqlx that one was kept.
    came_back: Notify,
    keeper: Once,
}

/// As many connections as are allowed, made when they are needed. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Connections(Arc<Shared>);

impl Shared {
    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_kept(&self) -> Vec<Doubtful> {
        let kept = std::mem::take(&mut *self.kept());
        kept.into_iter()
            .map(|one| Doubtful(Some(one.connection)))
            .collect()
    }

    /// What is kept goes back to sqlx, which asks it once more, and for as long as that takes.
    async fn let_go(&self) {
        let looks = self.take_kept().into_iter().map(Doubtful::looked_at);
        drop(join_all(looks).await);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // There may be no runtime any more in which they could go back.
        drop(self.take_kept());
    }
}

impl Connections {
    /// At most so many, none of which is made yet.
    pub fn new(options: PgConnectOptions, most: u32) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(most)
            .acquire_timeout(PATIENCE)
            .idle_timeout(IDLE)
            .test_before_acquire(false)
            .before_acquire(|connection, kept| {
                Box::pin(async move {
                    if kept.idle_for >= RESTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options);
        Self(Arc::new(Shared {
            pool,
            turns: Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(usize::MAX))),
            kept: Mutex::default(),
            came_back: Notify::new(),
            keeper: Once::new(),
        }))
    }

    /// Where they lead.
    pub fn options(&self) -> Arc<PgConnectOptions> {
        self.0.pool.connect_options()
    }

    /// How many are in use, and how many may be.
    pub fn in_use(&self) -> (u32, u32) {
        let most = self.0.pool.options().get_max_connections();
        let free = u32::try_from(self.0.turns.available_permits()).unwrap_or(u32::MAX);
        (most.saturating_sub(free), most)
    }

    /// Ends them all, waiting for those in use.
    pub async fn close(&self) {
        self.0.turns.close();
        self.0.let_go().await;
        self.0.pool.close().await;
    }

    /// One to use, for as long as it is held.
    async fn acquire(&self) -> Result<Lent<'_>, sqlx::Error> {
        self.0.keeper.call_once(|| self.keep_house());
        timeout(PATIENCE, self.lend())
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    async fn lend(&self) -> Result<Lent<'_>, sqlx::Error> {
        let turn = Arc::clone(&self.0.turns).acquire_owned().await;
        let turn = turn.map_err(|_| sqlx::Error::PoolClosed)?;
        Ok(Lent {
            connection: self.connection().await?,
            of: &self.0,
            turn,
        })
    }

    /// One that is kept, or one of sqlx's: of those that are on their way back, whichever comes first.
    async fn connection(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        let pool = &self.0.pool;
        loop {
            let mut came_back = pin!(self.0.came_back.notified());
            came_back.as_mut().enable();
            if let Some(connection) = self.one_that_stands().await {
                return Ok(connection);
            }
            let is_full = pool.size() >= pool.options().get_max_connections();
            tokio::select! {
                connection = pool.acquire() => return connection,
                () = came_back, if is_full => {}
            }
        }
    }

    async fn one_that_stands(&self) -> Option<PoolConnection<Postgres>> {
        loop {
            let kept = self.0.kept().pop()?;
            if kept.since.elapsed() < RESTED {
                return Some(kept.connection);
            }
            let looked_at = Doubtful(Some(kept.connection)).looked_at().await;
            if looked_at.is_some() {
                return looked_at;
            }
        }
    }

    /// Begins a transaction. sqlx looks at its connection at the end, and undoes what was not committed.
    pub async fn begin(&self) -> Result<Begun, sqlx::Error> {
        let Lent {
            connection, turn, ..
        } = self.acquire().await?;
        // To its end, also when nobody waits for it any more: dropped half-way, sqlx would not know that the
        // connection is in a transaction, and lend it to others (transact-rs/sqlx#4385).
        let begun = tokio::spawn(async move {
            Ok(Begun {
                // What `Pool::begin` does with a connection of its own choice.
                transaction: Transaction::begin(connection, None).await?,
                turn,
            })
        });
        begun.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
    }

    fn keep_house(&self) {
        let shared = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(KEPT).await;
                match shared.upgrade() {
                    Some(shared) => shared.let_go().await,
                    None => return,
                }
            }
        });
    }
}

/// A connection in use. Dropped, it goes back to sqlx.
struct Lent<'c> {
    connection: PoolConnection<Postgres>,
    of: &'c Shared,
    turn: OwnedSemaphorePermit,
}

impl Lent<'_> {
    /// Keeps it for the next statement, as its last one came to its end.
    fn keep(self) {
        let mut kept = self.of.kept();
        if !self.of.turns.is_closed() {
            kept.push(Kept {
                connection: self.connection,
                since: Instant::now(),
            });
            drop(kept);
            self.of.came_back.notify_one();
        }
    }
}

/// A transaction and the turn that it takes.
pub(crate) struct Begun {
    pub transaction: Transaction<'static, Postgres>,
    pub turn: OwnedSemaphorePermit,
}

/// For statements by themselves. Their rows are gathered before the first is handed on.
impl<'c> Executor<'c> for &'c Connections {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let all = async move {
            let mut lent = self.acquire().await?;
            let answers: Vec<_> = lent.connection.fetch_many(query).try_collect().await?;
            lent.keep();
            Ok(stream::iter(answers).map(Ok))
        };
        all.try_flatten_stream().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let first = async move {
            let mut lent = self.acquire().await?;
            let row = lent.connection.fetch_optional(query).await?;
            lent.keep();
            Ok(row)
        };
        first.boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        let prepared = async move {
            let mut lent = self.acquire().await?;
            lent.connection.prepare_with(sql, parameters).await
        };
        prepared.boxed()
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, sqlx::Error>>
    where
        'c: 'e,
    {
        async move { self.acquire().await?.connection.describe(sql).await }.boxed()
    }
}
