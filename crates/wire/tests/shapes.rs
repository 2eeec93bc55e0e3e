//! The shapes on the wire: they go through JSON unharmed, under the names that an existing Vue app reads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use domain::{
    AssignedBy, Color, DocumentId, DocumentStatus, FileName, Kind, Sha256, Stage, TopicId,
    TopicName,
};
use proptest::{option, prelude::*, strategy::ValueTree};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;
use wire::{
    Check, Checks, Document, Health, HealthStatus, NewTopic, Problem, SettingsPatch, TopicPatch,
};

fn moment() -> impl Strategy<Value = OffsetDateTime> {
    // The years 1970 to 2200, in microseconds as PostgreSQL keeps them.
    (0..7_258_118_400_000_000_i64).prop_map(|micros| {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap()
    })
}

fn assigned() -> impl Strategy<Value = domain::AssignedTopic> {
    (
        "[a-zä]{1,20}",
        any::<u128>(),
        option::of("\\PC{0,30}"),
        0.0..=1.0_f32,
    )
        .prop_map(|(name, id, reason, confidence)| domain::AssignedTopic {
            id: TopicId(Uuid::from_u128(id)),
            name: TopicName::parse(&name).unwrap(),
            color: Color::default(),
            by: if reason.is_some() {
                AssignedBy::Machine
            } else {
                AssignedBy::Person
            },
            provider: reason.as_ref().map(|_| "local".to_owned()),
            confidence: reason.as_ref().map(|_| confidence),
            reason,
        })
}

fn document() -> impl Strategy<Value = domain::Document> {
    let status = prop_oneof![
        Just(DocumentStatus::Pending),
        Just(DocumentStatus::Processing),
        Just(DocumentStatus::Ready),
        Just(DocumentStatus::Failed)
    ];
    let ids = (
        any::<u128>(),
        option::of(any::<u128>()),
        option::of(any::<[u8; 32]>()),
    );
    let texts = (
        "[a-zä€🦀]{1,40}",
        option::of("\\PC{0,60}"),
        option::of("\\PC{0,60}"),
    );
    let topics = prop::collection::vec(assigned(), 0..4);
    (ids, texts, status, topics, 0..=i64::MAX, moment()).prop_map(
        |(ids, texts, status, topics, size_bytes, at)| domain::Document {
            id: DocumentId(Uuid::from_u128(ids.0)),
            filename: FileName::parse(&texts.0).unwrap(),
            content_type: "text/plain".to_owned(),
            size_bytes,
            sha256: ids.2.map(Sha256),
            status,
            stage: (status == DocumentStatus::Processing).then_some(Stage::Filing),
            failure: texts.1.clone(),
            reading_note: texts.1.clone(),
            classification_error: texts.1.clone(),
            classification_note: texts.2.clone(),
            duplicate_of: ids.1.map(|id| DocumentId(Uuid::from_u128(id))),
            parent: ids.1.map(|id| DocumentId(Uuid::from_u128(id))),
            path: texts.2.clone(),
            page_count: Some(3),
            has_thumbnail: true,
            extracted_text: texts.2,
            topics,
            created_at: at,
            updated_at: at,
        },
    )
}

proptest! {
    #[test]
    fn a_document_goes_through_json_unharmed(document in document()) {
        let sent = Document::from(document.clone());
        let text = serde_json::to_string(&sent).unwrap();
        let heard: Document = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&heard, &sent);
        prop_assert_eq!(heard.id, document.id.0);
        prop_assert_eq!(heard.created_at, document.created_at);
        prop_assert_eq!(heard.original_name, document.filename.as_str());
        let names: Vec<_> = document.topics.iter().map(|topic| topic.name.as_str().to_owned()).collect();
        prop_assert_eq!(heard.topics, names);
    }

    #[test]
    fn a_document_has_every_field_that_was_promised(document in document()) {
        let json = serde_json::to_value(Document::from(document)).unwrap();
        for field in ["id", "original_name", "content_type", "size_bytes", "status", "topics", "classification_error", "created_at", "updated_at"] {
            prop_assert!(json.get(field).is_some(), "{} is missing", field);
        }
    }

    #[test]
    fn what_is_left_out_of_a_change_is_not_sent(name in option::of("\\PC{0,20}"), color in option::of("\\PC{0,20}")) {
        let patch = TopicPatch { name: name.clone(), description: None, color: color.clone() };
        let json = serde_json::to_value(&patch).unwrap();
        let fields = json.as_object().unwrap();
        prop_assert_eq!((fields.contains_key("name"), fields.contains_key("color")), (name.is_some(), color.is_some()));
        prop_assert_eq!(serde_json::from_value::<TopicPatch>(json).unwrap(), patch);
    }
}

#[test]
fn a_text_that_was_not_asked_for_is_not_sent() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let document = document().new_tree(&mut runner).unwrap().current();
    let without = Document {
        extracted_text: None,
        ..Document::from(document)
    };
    assert!(
        serde_json::to_value(without)
            .unwrap()
            .get("extracted_text")
            .is_none()
    );
}

#[test]
fn a_new_topic_needs_only_a_name() {
    let topic: NewTopic = serde_json::from_value(json!({ "name": "Tax" })).unwrap();
    assert_eq!(
        (topic.description.as_str(), topic.color.as_str()),
        ("", "#6366f1")
    );
    assert_eq!(topic.color, Color::DEFAULT);
    assert!(serde_json::from_value::<NewTopic>(json!({})).is_err());
}

#[test]
fn health_looks_as_decided() {
    let checks = Checks {
        postgres: Check::ok(),
        minio: Check::error("no answer"),
        redis: Check::ok(),
    };
    let health = Health {
        status: HealthStatus::Degraded,
        checks,
    };
    let expected = json!({
        "status": "degraded",
        "checks": { "postgres": "ok", "minio": "error: no answer", "redis": "ok" }
    });
    assert_eq!(serde_json::to_value(health).unwrap(), expected);
}

#[test]
fn a_problem_looks_as_rfc_9457_says() {
    let problem = Problem::new(
        422,
        "Unprocessable Content",
        domain::Error::invalid("name", "Give it a name."),
    );
    let expected = json!({
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "Give it a name.",
        "code": "invalid",
        "errors": [{ "loc": ["body", "name"], "msg": "Give it a name.", "type": "value_error" }]
    });
    assert_eq!(serde_json::to_value(problem).unwrap(), expected);
    let plain = Problem::new(
        409,
        "Conflict",
        domain::Error::new(Kind::Conflict, "taken", "It is taken."),
    );
    assert!(serde_json::to_value(plain).unwrap().get("errors").is_none());
}

#[test]
fn a_key_is_never_in_what_is_logged() {
    let patch: SettingsPatch =
        serde_json::from_value(json!({ "providers": { "openai": { "api_key": "hidden-word" } } }))
            .unwrap();
    assert_eq!(
        patch.providers["openai"].api_key.as_deref(),
        Some("hidden-word")
    );
    assert!(!format!("{patch:?}").contains("hidden-word"));
}
