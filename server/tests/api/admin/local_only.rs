//! Whoever wants nothing to be sent has nothing sent, whatever was chosen.

use super::{
    id_of, patched,
    provider::{asked, counted, letter, set, settings, vault},
    seen,
};
use serde_json::json;
use wiremock::ResponseTemplate;

fn answer() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(counted())
}

#[tokio::test]
async fn no_text_is_sent_neither_by_choice_nor_by_an_admins() {
    let (app, ada, openai) = vault(answer()).await;
    let id = id_of(&ada).await;
    let quiet = json!({ "active_provider": "openai", "local_only": true });
    assert!(set(&ada, quiet).await.local_only);
    letter(&ada, 1).await;
    patched(&app, id, json!({ "ai_provider": "openai" })).await;
    let filed = letter(&ada, 2).await;
    assert_eq!(filed.assigned[0].provider.as_deref(), Some("local"));
    assert_eq!(asked(&openai).await, 0);
    assert!(seen(&app, id).await.ai_local_only);
    let tested = ada
        .send(testkit::POST, "/api/settings/test", json!({}))
        .await;
    let tested: wire::TestResult = tested.json().await.unwrap();
    assert_eq!(tested.provider, "local");
    assert_eq!(asked(&openai).await, 0);
}

#[tokio::test]
async fn a_change_of_mind_counts_from_then_on() {
    let (_app, ada, openai) = vault(answer()).await;
    set(
        &ada,
        json!({ "active_provider": "openai", "local_only": true }),
    )
    .await;
    letter(&ada, 1).await;
    // What is left out stays.
    assert!(set(&ada, json!({ "system_prompt": "x" })).await.local_only);
    set(&ada, json!({ "local_only": false })).await;
    assert!(!settings(&ada).await.local_only);
    letter(&ada, 2).await;
    assert_eq!(asked(&openai).await, 1);
}

#[tokio::test]
async fn the_log_says_when_it_was_switched() {
    let (app, ada, _openai) = vault(answer()).await;
    set(&ada, json!({ "local_only": true })).await;
    set(&ada, json!({ "local_only": false })).await;
    let told = app
        .database
        .texts("SELECT metadata->>'note' FROM audit_log WHERE event_type = 'settings.changed' ORDER BY id")
        .await;
    assert_eq!(
        told,
        [
            "texts go to the built-in provider only",
            "texts may go to other providers"
        ]
    );
}
