//! Topics.

use crate::{Services, fault};
use domain::{
    AuditEvent, Caller, Color, Error, Kind, Topic, TopicDescription, TopicId, TopicName,
    TopicWithCount,
    policy::{Action, authorise_owner},
};
use uuid::Uuid;

/// The use cases of topics.
pub struct Topics<'a> {
    pub(crate) services: &'a Services,
}

fn not_found() -> Error {
    Error::not_found(
        "topic_not_found",
        "There is no such topic. It may have been deleted.",
    )
}

fn of_write(error: database::Error) -> Error {
    match error {
        database::Error::Conflict(_) => Error::new(
            Kind::Conflict,
            "topic_name_taken",
            "You have a topic of this name already. Choose another name.",
        ),
        error => fault::of_database(error),
    }
}

impl Topics<'_> {
    /// The caller's topics, by name.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn list(&self, caller: &Caller) -> Result<Vec<TopicWithCount>, Error> {
        let owner = authorise_owner(caller, Action::ReadTopics)?;
        self.services
            .parts
            .database
            .list_topics(owner)
            .await
            .map_err(fault::of_database)
    }

    /// The caller's topics, by name, for those who need no counts.
    ///
    /// # Errors
    /// See [`domain::Kind`].
    pub async fn choices(&self, caller: &Caller) -> Result<Vec<Topic>, Error> {
        let owner = authorise_owner(caller, Action::ReadTopics)?;
        let topics = self.services.parts.database.topics_of(owner).await;
        topics.map_err(fault::of_database)
    }

    /// Creates a topic.
    ///
    /// # Errors
    /// `Invalid` for a value that is not acceptable, `Conflict` for a name that is taken.
    pub async fn create(
        &self,
        caller: &Caller,
        new: &wire::NewTopic,
    ) -> Result<TopicWithCount, Error> {
        let owner = authorise_owner(caller, Action::WriteTopics)?;
        let topic = Topic {
            id: TopicId(Uuid::now_v7()),
            name: TopicName::parse(&new.name)?,
            description: TopicDescription::parse(&new.description)?,
            color: Color::parse(&new.color)?,
        };
        let mut work = self.services.begin().await?;
        work.insert_topic(owner, &topic).await.map_err(of_write)?;
        let entry = caller.did(AuditEvent::TopicCreated, topic.id.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        Ok(TopicWithCount {
            topic,
            doc_count: 0,
        })
    }

    /// Changes what the patch names.
    ///
    /// # Errors
    /// `NotFound`, `Invalid`, or `Conflict` for a name that is taken.
    pub async fn update(
        &self,
        caller: &Caller,
        id: TopicId,
        patch: &wire::TopicPatch,
    ) -> Result<TopicWithCount, Error> {
        let owner = authorise_owner(caller, Action::WriteTopics)?;
        let name = patch.name.as_deref().map(TopicName::parse).transpose()?;
        let description = patch
            .description
            .as_deref()
            .map(TopicDescription::parse)
            .transpose()?;
        let color = patch.color.as_deref().map(Color::parse).transpose()?;
        let mut work = self.services.begin().await?;
        let found = work
            .update_topic(
                owner,
                id,
                name.as_ref(),
                description.as_ref(),
                color.as_ref(),
            )
            .await
            .map_err(of_write)?;
        if !found {
            return Err(not_found());
        }
        let entry = caller.did(AuditEvent::TopicChanged, id.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)?;
        let database = &self.services.parts.database;
        database
            .topic(owner, id)
            .await
            .map_err(fault::of_database)?
            .ok_or_else(not_found)
    }

    /// Removes a topic. Its documents stay.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, caller: &Caller, id: TopicId) -> Result<(), Error> {
        let owner = authorise_owner(caller, Action::WriteTopics)?;
        let mut work = self.services.begin().await?;
        let found = work
            .delete_topic(owner, id)
            .await
            .map_err(fault::of_database)?;
        if !found {
            return Err(not_found());
        }
        let entry = caller.did(AuditEvent::TopicDeleted, id.0);
        work.audit(&entry).await.map_err(fault::of_database)?;
        work.commit().await.map_err(fault::of_database)
    }
}
