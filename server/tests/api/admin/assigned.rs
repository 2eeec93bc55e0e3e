//! A provider that an admin chose goes before the owner's choice.

use super::{
    id_of, patched,
    provider::{asked, counted, letter, set, settings, vault},
};
use crate::support::problem;
use serde_json::{Value, json};
use testkit::PATCH;
use wiremock::ResponseTemplate;

fn answer() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(counted())
}

#[tokio::test]
async fn it_files_whatever_its_owner_chose() {
    let (app, ada, openai) = vault(answer()).await;
    let id = id_of(&ada).await;
    let by_itself = letter(&ada, 1).await;
    assert_eq!(by_itself.assigned[0].provider.as_deref(), Some("local"));
    assert_eq!(asked(&openai).await, 0);
    let assigned = json!({ "ai_provider": "openai", "ai_model": "gpt-of-the-admin" });
    patched(&app, id, assigned).await;
    let filed = letter(&ada, 2).await;
    assert_eq!(filed.assigned[0].provider.as_deref(), Some("openai"));
    let sent = openai.received_requests().await.unwrap().remove(0);
    let sent: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(sent["model"], "gpt-of-the-admin");
    // Nobody else's documents go there.
    app.client.create_topic("Insurance", "premiums").await;
    letter(&app.client, 3).await;
    assert_eq!(asked(&openai).await, 1);
}

#[tokio::test]
async fn without_a_model_it_is_the_owners() {
    let (app, ada, openai) = vault(answer()).await;
    set(
        &ada,
        json!({ "providers": { "openai": { "model": "gpt-of-ada" } } }),
    )
    .await;
    patched(&app, id_of(&ada).await, json!({ "ai_provider": "openai" })).await;
    letter(&ada, 1).await;
    let sent = openai.received_requests().await.unwrap().remove(0);
    let sent: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(sent["model"], "gpt-of-ada");
}

#[tokio::test]
async fn its_owner_is_told_and_can_not_choose_another() {
    let (app, ada, _openai) = vault(answer()).await;
    set(&ada, json!({ "active_provider": "ollama" })).await;
    assert_eq!(settings(&ada).await.assigned, None);
    let id = id_of(&ada).await;
    patched(
        &app,
        id,
        json!({ "ai_provider": "openai", "ai_model": "small" }),
    )
    .await;
    let told = settings(&ada).await;
    assert_eq!(told.active_provider, "openai");
    let assigned = told.assigned.unwrap();
    assert_eq!(
        (assigned.provider.as_str(), assigned.model.as_deref()),
        ("openai", Some("small"))
    );
    let other = json!({ "active_provider": "local", "system_prompt": "x" });
    let refused = problem(ada.send(PATCH, "/api/settings", other).await, 409).await;
    assert_eq!(refused.code, "provider_assigned");
    assert_eq!(settings(&ada).await.system_prompt, "");
    // What the page shows may be sent back, and the rest is still theirs.
    set(
        &ada,
        json!({ "active_provider": "openai", "system_prompt": "Few topics." }),
    )
    .await;
    patched(&app, id, json!({ "ai_provider": null })).await;
    let free = settings(&ada).await;
    assert_eq!(
        (free.active_provider.as_str(), free.system_prompt.as_str()),
        ("ollama", "Few topics.")
    );
}

#[tokio::test]
async fn the_test_without_a_name_asks_the_one_in_use() {
    let (app, ada, _openai) = vault(answer()).await;
    patched(&app, id_of(&ada).await, json!({ "ai_provider": "openai" })).await;
    let asked = ada
        .send(testkit::POST, "/api/settings/test", json!({}))
        .await;
    let result: wire::TestResult = asked.json().await.unwrap();
    assert_eq!((result.provider.as_str(), result.ok), ("openai", true));
}
