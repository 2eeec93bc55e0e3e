//! Topics: list, create, update, delete.

use crate::AppError;
use leptos::prelude::*;
use uuid::Uuid;
use wire::{Topic, TopicChoice};

/// All topics, by name, with how many documents each has.
#[server(prefix = "/_fn", endpoint = "topics/list")]
pub(crate) async fn list_topics() -> Result<Vec<Topic>, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let topics = services.topics().list(&caller).await.map_err(fail)?;
    Ok(topics.into_iter().map(Into::into).collect())
}

/// All topics, by name, to choose from.
#[server(prefix = "/_fn", endpoint = "topics/choices")]
pub(crate) async fn topic_choices() -> Result<Vec<TopicChoice>, AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    let topics = services.topics().choices(&caller).await.map_err(fail)?;
    Ok(topics.into_iter().map(Into::into).collect())
}

/// A new topic.
#[server(prefix = "/_fn", endpoint = "topics/create")]
pub(crate) async fn create_topic(
    name: String,
    #[server(default)] description: String,
    color: String,
) -> Result<Topic, AppError> {
    use crate::server_context::{context, fail, keep_typed_topic};
    let (services, caller) = context()?;
    let topic = wire::NewTopic {
        name,
        description,
        color,
    };
    services
        .topics()
        .create(&caller, &topic)
        .await
        .map(Into::into)
        .inspect_err(|_| keep_typed_topic(None, &topic.name, &topic.description, &topic.color))
        .map_err(fail)
}

/// Changes a topic; what is left out stays.
#[server(prefix = "/_fn", endpoint = "topics/update")]
pub(crate) async fn update_topic(
    id: Uuid,
    name: Option<String>,
    description: Option<String>,
    color: Option<String>,
) -> Result<Topic, AppError> {
    use crate::server_context::{context, fail, keep_typed_topic};
    let (services, caller) = context()?;
    let patch = wire::TopicPatch {
        name,
        description,
        color,
    };
    services
        .topics()
        .update(&caller, id.into(), &patch)
        .await
        .map(Into::into)
        .inspect_err(|_| {
            let [name, description, color] = [&patch.name, &patch.description, &patch.color]
                .map(|text| text.as_deref().unwrap_or_default());
            keep_typed_topic(Some(id), name, description, color);
        })
        .map_err(fail)
}

/// Deletes a topic; its documents stay.
#[server(prefix = "/_fn", endpoint = "topics/delete")]
pub(crate) async fn delete_topic(id: Uuid) -> Result<(), AppError> {
    use crate::server_context::{context, fail};
    let (services, caller) = context()?;
    services
        .topics()
        .delete(&caller, id.into())
        .await
        .map_err(fail)
}
