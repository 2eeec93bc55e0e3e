//! From domain values to their shapes on the wire, once for every face.

use crate::{
    Account, ApiToken, AssignedTopic, Document, FieldProblem, Problem, Session, Topic, TopicChoice,
};

impl From<domain::User> for Account {
    fn from(user: domain::User) -> Self {
        Self {
            id: user.id.0,
            handle: user.handle.as_str().to_owned(),
            email: user.email.as_str().to_owned(),
            role: user.role.as_str().to_owned(),
            used_bytes: user.used_bytes,
            limit_bytes: user.limit_bytes,
            created_at: user.created_at,
        }
    }
}

impl Session {
    /// A session as its owner sees it, who may be in it.
    pub fn new(session: domain::Session, current: Option<domain::SessionId>) -> Self {
        Self {
            current: current == Some(session.id),
            id: session.id.0,
            device: session.device,
            address: session.address.map(|address| address.to_string()),
            created_at: session.created_at,
            last_used_at: session.last_used_at,
        }
    }
}

impl From<domain::ApiToken> for ApiToken {
    fn from(token: domain::ApiToken) -> Self {
        Self {
            id: token.id.0,
            name: token.name,
            hint: token.hint,
            scope: token.scope.as_str().to_owned(),
            expires_at: token.expires_at,
            last_used_at: token.last_used_at,
            created_at: token.created_at,
        }
    }
}

impl From<domain::Relative> for crate::Relative {
    fn from(relative: domain::Relative) -> Self {
        Self {
            id: relative.id.0,
            original_name: relative.filename.to_string(),
            path: relative.path,
            status: relative.status.as_str().to_owned(),
        }
    }
}

impl From<domain::Document> for Document {
    fn from(document: domain::Document) -> Self {
        Self {
            id: document.id.0,
            original_name: document.filename.to_string(),
            content_type: document.content_type,
            size_bytes: document.size_bytes,
            status: document.status.as_str().to_owned(),
            stage: document.stage.map(|stage| stage.as_str().to_owned()),
            topics: document
                .topics
                .iter()
                .map(|topic| topic.name.as_str().to_owned())
                .collect(),
            assigned: document
                .topics
                .into_iter()
                .map(AssignedTopic::from)
                .collect(),
            classification_error: document.classification_error,
            classification_note: document.classification_note,
            failure: document.failure,
            reading_note: document.reading_note,
            duplicate_of: document.duplicate_of.map(|id| id.0),
            parent_id: document.parent.map(|id| id.0),
            path: document.path,
            page_count: document.page_count,
            has_thumbnail: document.has_thumbnail,
            sha256: document.sha256.map(|digest| digest.to_string()),
            extracted_text: document.extracted_text,
            created_at: document.created_at,
            updated_at: document.updated_at,
        }
    }
}

impl From<domain::AssignedTopic> for AssignedTopic {
    fn from(topic: domain::AssignedTopic) -> Self {
        Self {
            id: topic.id.0,
            name: topic.name.as_str().to_owned(),
            color: topic.color.as_str().to_owned(),
            by: topic.by.as_str().to_owned(),
            provider: topic.provider,
            confidence: topic.confidence,
            reason: topic.reason,
        }
    }
}

impl From<domain::Topic> for TopicChoice {
    fn from(topic: domain::Topic) -> Self {
        Self {
            name: topic.name.as_str().to_owned(),
            color: topic.color.as_str().to_owned(),
        }
    }
}

impl From<domain::TopicWithCount> for Topic {
    fn from(counted: domain::TopicWithCount) -> Self {
        Self {
            id: counted.topic.id.0,
            name: counted.topic.name.as_str().to_owned(),
            description: counted.topic.description.as_str().to_owned(),
            color: counted.topic.color.as_str().to_owned(),
            doc_count: counted.doc_count,
        }
    }
}

impl Problem {
    /// An error as it is sent, under the status that its kind was given.
    pub fn new(status: u16, title: &str, error: domain::Error) -> Self {
        Self {
            type_: "about:blank".to_owned(),
            title: title.to_owned(),
            status,
            detail: error.detail,
            code: error.code.to_owned(),
            errors: error
                .fields
                .into_iter()
                .map(|field| FieldProblem {
                    loc: vec!["body".to_owned(), field.field.to_owned()],
                    msg: field.message,
                    type_: "value_error".to_owned(),
                })
                .collect(),
        }
    }
}
