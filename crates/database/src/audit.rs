//! The audit log: entries written in the transaction of what they tell about, chained by hashes that
//! PostgreSQL computes (`audit_all`, migration 0014), and the search for a broken link.

use crate::{Database, Error, UnitOfWork};
use domain::AuditEntry;
use uuid::Uuid;

/// The arguments of the function `audit`, as statements bind them.
pub(crate) struct Bound<'a> {
    pub chain: Uuid,
    pub subject: Option<Uuid>,
    pub actor: Option<Uuid>,
    pub event: &'static str,
    pub resource: Option<Uuid>,
    pub address: Option<String>,
    pub request_id: &'a str,
    pub note: Option<&'a str>,
    pub device: Option<&'a str>,
}

impl<'a> From<&'a AuditEntry> for Bound<'a> {
    fn from(entry: &'a AuditEntry) -> Self {
        let subject = entry.subject.map(|id| id.0);
        Self {
            chain: subject.unwrap_or(Uuid::nil()),
            subject,
            actor: entry.actor.map(|id| id.0),
            event: entry.event.as_str(),
            resource: entry.resource,
            address: entry.address.map(|address| address.to_string()),
            request_id: &entry.request_id,
            note: entry.note.as_deref(),
            device: entry.device.as_deref(),
        }
    }
}

/// An entry that does not fit its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenLink {
    /// The chain: an account's id, or the nil id for what belongs to no account.
    pub chain: Uuid,
    /// The number of the first entry that is missing or is not what it was.
    pub number: i64,
}

impl Database {
    /// Writes an entry by itself: for what changes nothing, such as a refused sign-in.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn audit(&self, entry: &AuditEntry) -> Result<(), Error> {
        let mut work = self.begin().await?;
        work.audit(entry).await?;
        work.commit().await
    }

    /// How many entries there are, and the first broken link of each broken chain: an entry that was
    /// changed, one that was removed, an end that is missing.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn verify_audit(&self) -> Result<(i64, Vec<BrokenLink>), Error> {
        let total = sqlx::query_scalar!(r#"SELECT count(*) AS "total!" FROM audit_log"#)
            .fetch_one(&self.pool)
            .await?;
        let broken = sqlx::query!(
            r#"
            WITH entries AS (
                SELECT chain, number, hash,
                       lag(number, 1, 0::bigint) OVER in_order AS number_before,
                       audit_hash(lag(hash, 1, sha256('')) OVER in_order, chain, number, user_id, actor_id,
                           event_type, resource_id, ip_address, request_id, metadata, created_at) AS right_hash
                  FROM audit_log
                WINDOW in_order AS (PARTITION BY chain ORDER BY number)
            ), wrong AS (
                SELECT chain, least(number, number_before + 1) AS number
                  FROM entries WHERE hash <> right_hash OR number <> number_before + 1
                UNION ALL
                SELECT ends.chain, COALESCE(last.number, 0) + 1
                  FROM audit_chains ends
                  LEFT JOIN LATERAL (
                       SELECT number, hash FROM audit_log l WHERE l.chain = ends.chain ORDER BY number DESC LIMIT 1
                  ) last ON true
                 WHERE last.number IS DISTINCT FROM ends.number OR last.hash IS DISTINCT FROM ends.hash
                UNION ALL
                SELECT chain, 1 FROM audit_log
                 WHERE NOT EXISTS (SELECT FROM audit_chains c WHERE c.chain = audit_log.chain)
            )
            SELECT chain AS "chain!", min(number) AS "number!" FROM wrong GROUP BY chain ORDER BY chain
            "#
        )
        .fetch_all(&self.pool)
        .await?;
        let broken = broken
            .into_iter()
            .map(|row| BrokenLink {
                chain: row.chain,
                number: row.number,
            })
            .collect();
        Ok((total, broken))
    }
}

impl UnitOfWork {
    /// Writes an entry. Comes last in its unit of work: the chain is locked from here to the commit.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn audit(&mut self, entry: &AuditEntry) -> Result<(), Error> {
        let entry = Bound::from(entry);
        sqlx::query_scalar!(
            "SELECT audit($1, $2, $3, $4, $5, $6, $7, $8, $9)::text AS done",
            entry.chain,
            entry.subject,
            entry.actor,
            entry.event,
            entry.resource,
            entry.address,
            entry.request_id,
            entry.note,
            entry.device,
        )
        .fetch_one(&mut *self.transaction)
        .await?;
        Ok(())
    }
}
