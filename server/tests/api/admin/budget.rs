//! How many tokens may be sent to providers in a month.

use super::{
    id_of, patched,
    provider::{TOKENS, asked, counted, letter, set, settings, slowly, uncounted, vault},
    seen,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Client, TestApp, files};
use wiremock::{MockServer, ResponseTemplate};

/// Somebody who chose OpenAI, which answers like this.
async fn with_openai(answer: ResponseTemplate) -> (TestApp, Client, MockServer) {
    let (app, ada, openai) = vault(answer).await;
    set(&ada, json!({ "active_provider": "openai" })).await;
    (app, ada, openai)
}

fn answer(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

async fn used(client: &Client) -> i64 {
    settings(client).await.budget.used_tokens
}

#[tokio::test]
async fn what_the_provider_says_that_it_took_is_counted() {
    let (app, ada, _openai) = with_openai(answer(counted())).await;
    letter(&ada, 1).await;
    assert_eq!(used(&ada).await, TOKENS);
    letter(&ada, 2).await;
    assert_eq!(used(&ada).await, 2 * TOKENS);
    assert_eq!(
        seen(&app, id_of(&ada).await).await.ai_used_tokens,
        2 * TOKENS
    );
    assert_eq!(used(&app.client).await, 0);
    let openai = &settings(&ada).await.providers["openai"];
    assert_eq!((openai.calls, openai.used_tokens), (2, 2 * TOKENS));
}

#[tokio::test]
async fn without_a_word_of_the_provider_the_estimate_counts() {
    let (_app, ada, _openai) = with_openai(answer(uncounted())).await;
    letter(&ada, 1).await;
    let one = used(&ada).await;
    assert!((600..3_000).contains(&one), "{one}");
    letter(&ada, 2).await;
    assert_eq!(used(&ada).await, 2 * one);
}

#[tokio::test]
async fn what_files_by_itself_costs_nothing() {
    let (app, ada, _openai) = vault(answer(counted())).await;
    patched(&app, id_of(&ada).await, json!({ "ai_monthly_tokens": 0 })).await;
    let filed = letter(&ada, 1).await;
    assert_eq!(filed.classification_error, None);
    assert_eq!(used(&ada).await, 0);
}

#[tokio::test]
async fn once_it_is_used_up_nothing_is_sent_and_the_document_stays() {
    let (app, ada, openai) = with_openai(answer(counted())).await;
    let id = id_of(&ada).await;
    patched(&app, id, json!({ "ai_monthly_tokens": TOKENS })).await;
    let unfiled = letter(&ada, 1).await;
    assert_eq!(
        (unfiled.status.as_str(), unfiled.topics.len()),
        ("ready", 0)
    );
    let error = unfiled.classification_error.unwrap();
    assert!(
        error.contains("budget for OpenAI is used up") && error.contains("begins anew on 1 "),
        "{error}"
    );
    assert!(unfiled.extracted_text.unwrap().contains("household"));
    assert_eq!(asked(&openai).await, 0);
    let budget = settings(&ada).await.budget;
    assert_eq!((budget.used_tokens, budget.limit_tokens), (0, Some(TOKENS)));
    assert!(budget.renewed_on.ends_with("-01"), "{}", budget.renewed_on);
    // With more room the same document is filed.
    patched(&app, id, json!({ "ai_monthly_tokens": 100_000 })).await;
    let path = format!("/api/documents/{}/classify", unfiled.id);
    let filed = ada.send(testkit::POST, &path, json!({})).await;
    assert_eq!(filed.status(), StatusCode::OK);
    let filed: wire::Document = filed.json().await.unwrap();
    assert_eq!(
        (filed.topics, filed.classification_error),
        (vec!["Insurance".to_owned()], None)
    );
}

#[tokio::test]
async fn another_month_has_its_own_count() {
    let (app, ada, openai) = with_openai(answer(counted())).await;
    patched(
        &app,
        id_of(&ada).await,
        json!({ "ai_monthly_tokens": 50_000 }),
    )
    .await;
    app.database
        .execute(
            "INSERT INTO ai_usage (user_id, month, tokens)
             SELECT id, date_trunc('month', now() AT TIME ZONE 'utc' - interval '1 month')::date, 50000
               FROM users WHERE handle = 'ada'",
        )
        .await;
    assert_eq!(used(&ada).await, 0);
    letter(&ada, 1).await;
    assert_eq!((used(&ada).await, asked(&openai).await), (TOKENS, 1));
}

#[tokio::test]
async fn a_call_without_an_answer_gives_back_what_was_set_aside() {
    let (_app, ada, openai) = with_openai(ResponseTemplate::new(401)).await;
    let unfiled = letter(&ada, 1).await;
    assert!(unfiled.classification_error.is_some());
    assert_eq!((used(&ada).await, asked(&openai).await), (0, 1));
}

#[tokio::test]
async fn an_answer_of_no_use_was_paid_for() {
    let mut nonsense = counted();
    nonsense["choices"][0]["message"]["content"] = "File it under Insurance.".into();
    let (_app, ada, _openai) = with_openai(answer(nonsense)).await;
    let unfiled = letter(&ada, 1).await;
    assert!(unfiled.classification_error.is_some());
    assert_eq!(used(&ada).await, TOKENS);
}

/// Six documents at the same time, and room for three of them.
#[tokio::test]
async fn of_many_at_once_no_more_are_sent_than_the_budget_holds() {
    let (app, ada, openai) = with_openai(slowly(uncounted())).await;
    let id = id_of(&ada).await;
    letter(&ada, 1).await;
    let each = used(&ada).await;
    patched(
        &app,
        id,
        json!({ "ai_monthly_tokens": 4 * each + each / 2 }),
    )
    .await;
    let letters = (2..8).map(|number| letter(&ada, number));
    let documents = futures::future::join_all(letters).await;
    let filed = documents
        .iter()
        .filter(|document| document.classification_error.is_none())
        .count();
    assert_eq!(filed, 3);
    assert_eq!(asked(&openai).await, 4);
    assert_eq!(used(&ada).await, 4 * each);
}

#[tokio::test]
async fn what_is_never_sent_needs_no_budget() {
    let (app, ada, openai) = with_openai(answer(counted())).await;
    patched(&app, id_of(&ada).await, json!({ "ai_monthly_tokens": 0 })).await;
    let document = ada.upload("empty.txt", "12 34").await;
    let unfiled = ada.finished(document.id).await;
    assert_eq!(unfiled.classification_error, None);
    let long = ada
        .upload("notes.txt", files::sample("notes_on_insurance.txt"))
        .await;
    let long = ada.finished(long.id).await;
    assert!(long.classification_error.unwrap().contains("used up"));
    assert_eq!(asked(&openai).await, 0);
}
