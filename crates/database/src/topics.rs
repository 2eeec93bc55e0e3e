//! Topics.

use crate::{Database, Error, UnitOfWork, rows};
use domain::{Color, Topic, TopicDescription, TopicId, TopicName, TopicWithCount, UserId};
use uuid::Uuid;

struct TopicRow {
    id: Uuid,
    name: String,
    description: String,
    color: String,
    doc_count: i64,
}

impl TryFrom<TopicRow> for TopicWithCount {
    type Error = Error;

    fn try_from(row: TopicRow) -> Result<Self, Error> {
        Ok(Self {
            topic: rows::topic(row.id, &row.name, &row.description, &row.color)?,
            doc_count: row.doc_count,
        })
    }
}

impl Database {
    /// An owner's topics by name, each with how many documents are filed under it.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn list_topics(&self, owner: UserId) -> Result<Vec<TopicWithCount>, Error> {
        sqlx::query_as!(
            TopicRow,
            r#"
            SELECT t.id, t.name, t.description, t.color, count(dt.document_id) AS "doc_count!"
              FROM topics t LEFT JOIN document_topics dt ON dt.topic_id = t.id
             WHERE t.user_id = $1
             GROUP BY t.id
             ORDER BY t.name
            "#,
            owner.0,
        )
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(TopicWithCount::try_from)
        .collect()
    }

    /// An owner's topics by name, for those who need no counts: those grow with the vault.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn topics_of(&self, owner: UserId) -> Result<Vec<Topic>, Error> {
        let rows = sqlx::query!(
            "SELECT id, name, description, color FROM topics WHERE user_id = $1 ORDER BY name",
            owner.0,
        )
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| rows::topic(row.id, &row.name, &row.description, &row.color))
            .collect()
    }

    /// One of an owner's topics.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn topic(&self, owner: UserId, id: TopicId) -> Result<Option<TopicWithCount>, Error> {
        sqlx::query_as!(
            TopicRow,
            r#"
            SELECT t.id, t.name, t.description, t.color,
                   (SELECT count(*) FROM document_topics dt WHERE dt.topic_id = t.id) AS "doc_count!"
              FROM topics t
             WHERE t.user_id = $1 AND t.id = $2
            "#,
            owner.0,
            id.0,
        )
        .fetch_optional(&self.pool)
        .await?
        .map(TopicWithCount::try_from)
        .transpose()
    }
}

impl UnitOfWork {
    /// Writes a new topic.
    ///
    /// # Errors
    /// `Conflict` when the owner has a topic of that name.
    pub async fn insert_topic(&mut self, owner: UserId, topic: &Topic) -> Result<(), Error> {
        sqlx::query!(
            "INSERT INTO topics (id, user_id, name, description, color) VALUES ($1, $2, $3, $4, $5)",
            topic.id.0,
            owner.0,
            topic.name.as_str(),
            topic.description.as_str(),
            topic.color.as_str(),
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(())
    }

    /// Changes what is given about one of an owner's topics; whether there is such a topic.
    ///
    /// # Errors
    /// `Conflict` when the owner has another topic of that name.
    pub async fn update_topic(
        &mut self,
        owner: UserId,
        id: TopicId,
        name: Option<&TopicName>,
        description: Option<&TopicDescription>,
        color: Option<&Color>,
    ) -> Result<bool, Error> {
        let done = sqlx::query!(
            "UPDATE topics
                SET name = COALESCE($3, name), description = COALESCE($4, description), color = COALESCE($5, color)
              WHERE user_id = $1 AND id = $2",
            owner.0,
            id.0,
            name.map(TopicName::as_str),
            description.map(TopicDescription::as_str),
            color.map(Color::as_str),
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Removes one of an owner's topics; whether there was one. Its documents stay.
    ///
    /// # Errors
    /// When the statement fails.
    pub async fn delete_topic(&mut self, owner: UserId, id: TopicId) -> Result<bool, Error> {
        let done = sqlx::query!(
            "DELETE FROM topics WHERE user_id = $1 AND id = $2",
            owner.0,
            id.0,
        )
        .execute(&mut *self.transaction)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The ids of an owner's topics of these names, with the name as given; unknown names are left out.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn topics_named(
        &mut self,
        owner: UserId,
        names: &[String],
    ) -> Result<Vec<(TopicId, String)>, Error> {
        let rows = sqlx::query!(
            "SELECT id, name FROM topics WHERE user_id = $1 AND name = ANY ($2)",
            owner.0,
            names,
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| (TopicId(row.id), row.name))
            .collect())
    }
}
