//! What the built-in provider has learned: counts per topic and gram, kept up one correction at a time.
//!
//! A lesson (which grams a document taught a topic) is stored too, so that it can be unlearned exactly.

use crate::{Database, Error, UnitOfWork};
use domain::{DocumentId, TopicId, UserId};
use sqlx::types::Json;
use std::collections::HashMap;

/// A gram of a document and how often it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gram {
    /// The gram, at most 64 bytes.
    pub gram: String,
    /// How often.
    pub count: u32,
}

/// What is known of a topic, restricted to the grams that were asked for.
#[derive(Clone, Debug)]
pub struct TopicCounts {
    /// Which topic.
    pub topic: TopicId,
    /// From how many documents it learned.
    pub examples: u32,
    /// The sum of all its counts, the grams not asked for included.
    pub total: u64,
    /// Its counts of the grams that were asked for.
    pub counts: HashMap<String, u32>,
}

impl Database {
    /// What an owner's topics have learned about these grams; topics that learned nothing are left out.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn learned(
        &self,
        owner: UserId,
        grams: &[String],
    ) -> Result<Vec<TopicCounts>, Error> {
        let rows = sqlx::query!(
            r#"
            SELECT t.id, tt.examples, tt.grams AS total,
                   COALESCE((SELECT jsonb_object_agg(g.gram, g.count) FROM topic_grams g
                              WHERE g.topic_id = t.id AND g.gram = ANY ($2)), '{}')
                       AS "counts!: Json<HashMap<String, u32>>"
              FROM topics t JOIN topic_totals tt ON tt.topic_id = t.id
             WHERE t.user_id = $1 AND tt.examples > 0
            "#,
            owner.0,
            grams,
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| TopicCounts {
                topic: TopicId(row.id),
                examples: u32::try_from(row.examples).unwrap_or_default(),
                total: u64::try_from(row.total).unwrap_or_default(),
                counts: row.counts.0,
            })
            .collect())
    }
}

/// What a document teaches: its text and its file's name.
#[derive(Clone, Debug)]
pub struct Teaches {
    /// Its text; empty before it has been read.
    pub text: String,
    /// Its file's name.
    pub filename: String,
}

impl UnitOfWork {
    /// What a document teaches.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn teaches(&mut self, document: DocumentId) -> Result<Teaches, Error> {
        let row = sqlx::query!(
            r#"SELECT COALESCE(extracted_text, '') AS "text!", filename FROM documents WHERE id = $1"#,
            document.0,
        )
        .fetch_one(&mut *self.transaction)
        .await?;
        Ok(Teaches {
            text: row.text,
            filename: row.filename,
        })
    }

    /// Holds an owner's topics: who learns or unlearns takes turns, since two who take the counts of
    /// several topics in different orders would wait for each other.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn lock_topics(&mut self, owner: UserId) -> Result<(), Error> {
        sqlx::query!(
            "SELECT id FROM topics WHERE user_id = $1 ORDER BY id FOR NO KEY UPDATE",
            owner.0
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Learns that a document with these grams belongs to the topic. Learning the same twice changes nothing.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn learn(
        &mut self,
        document: DocumentId,
        topic: TopicId,
        grams: &[Gram],
    ) -> Result<(), Error> {
        let names: Vec<String> = grams.iter().map(|gram| gram.gram.clone()).collect();
        let counts: Vec<i32> = grams
            .iter()
            .map(|gram| i32::try_from(gram.count).unwrap_or(i32::MAX))
            .collect();
        let new = sqlx::query!(
            "INSERT INTO topic_lessons (document_id, topic_id, grams, counts) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
            document.0,
            topic.0,
            &names,
            &counts,
        )
        .execute(&mut *self.transaction)
        .await?;
        if new.rows_affected() == 0 {
            return Ok(());
        }
        sqlx::query!(
            "INSERT INTO topic_totals (topic_id, examples, grams)
             SELECT $1, 1, COALESCE(sum(count), 0) FROM unnest($2::int[]) AS counts (count)
             ON CONFLICT (topic_id) DO UPDATE
                SET examples = topic_totals.examples + 1, grams = topic_totals.grams + EXCLUDED.grams",
            topic.0,
            &counts,
        )
        .execute(&mut *self.transaction)
        .await?;
        // The totals row above is the lock: two lessons of one topic never interleave here.
        sqlx::query!(
            "INSERT INTO topic_grams (topic_id, gram, count)
             SELECT $1, gram, count FROM unnest($2::text[], $3::int[]) AS lesson (gram, count)
             ON CONFLICT (topic_id, gram) DO UPDATE SET count = topic_grams.count + EXCLUDED.count",
            topic.0,
            &names,
            &counts,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Takes back exactly what the document taught the topic, if it taught it anything.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn unlearn(&mut self, document: DocumentId, topic: TopicId) -> Result<(), Error> {
        let lesson = sqlx::query!(
            "DELETE FROM topic_lessons WHERE document_id = $1 AND topic_id = $2 RETURNING grams, counts",
            document.0,
            topic.0,
        )
        .fetch_optional(&mut *self.transaction)
        .await?;
        let Some(lesson) = lesson else { return Ok(()) };
        sqlx::query!(
            "UPDATE topic_totals
                SET examples = examples - 1,
                    grams = grams - (SELECT COALESCE(sum(count), 0) FROM unnest($2::int[]) AS counts (count))
              WHERE topic_id = $1",
            topic.0,
            &lesson.counts,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "UPDATE topic_grams g SET count = g.count - lesson.count
               FROM unnest($2::text[], $3::int[]) AS lesson (gram, count)
              WHERE g.topic_id = $1 AND g.gram = lesson.gram",
            topic.0,
            &lesson.grams,
            &lesson.counts,
        )
        .execute(&mut *self.transaction)
        .await?;
        sqlx::query!(
            "DELETE FROM topic_grams WHERE topic_id = $1 AND gram = ANY ($2) AND count = 0",
            topic.0,
            &lesson.grams,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }
}
