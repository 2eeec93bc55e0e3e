//! Logs: every line says which request it belongs to, and no line says a secret.

use super::server;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use testkit::{LoggedProcess, PASSWORD, PATCH, PATIENCE, POST, TestApp, until};
use uuid::Uuid;

/// The lines, each as JSON.
fn lines(process: &LoggedProcess) -> Vec<Value> {
    let log = process.log();
    log.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

fn request_of(line: &Value) -> Option<&str> {
    line["spans"]
        .as_array()?
        .iter()
        .find_map(|span| span["request_id"].as_str())
}

#[tokio::test]
async fn the_id_in_the_answer_is_the_one_in_the_log() {
    let app = TestApp::start().await;
    let (process, client) =
        server(&app, &[("LOG", "info,server=debug"), ("LOG_JSON", "true")]).await;
    let path = format!("/api/documents/{}", Uuid::nil());
    let answer = client.get(&format!("{path}?q=recognisable")).await;
    let id = answer.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let line = until("the line", PATIENCE, async || {
        Ok(lines(&process)
            .into_iter()
            .find(|line| request_of(line) == Some(&id)))
    })
    .await
    .unwrap();
    assert_eq!(line["status"], 404, "{line}");
    assert_eq!(line["spans"][0]["path"], path.as_str(), "{line}");
    assert!(!process.log().contains("recognisable"));
}

/// What a page asks for, it asks for in tasks of its own.
#[tokio::test]
async fn what_goes_wrong_on_a_page_is_logged_with_its_request() {
    let app = TestApp::start().await;
    let (process, client) = server(&app, &[("LOG", "info"), ("LOG_JSON", "true")]).await;
    app.database
        .execute("ALTER TABLE topics RENAME TO hidden")
        .await;
    let page = client.get("/topics").await;
    let id = page.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(page.status(), 500);
    let failed = lines(&process)
        .into_iter()
        .find(|line| line["message"] == "the database failed");
    assert_eq!(
        request_of(&failed.expect("a line")),
        Some(id.as_str()),
        "{}",
        process.log()
    );
}

#[tokio::test]
async fn without_a_word_about_it_a_log_that_no_terminal_shows_is_json() {
    let app = TestApp::start().await;
    let (json, _) = server(&app, &[("LOG", "info")]).await;
    assert!(lines(&json).iter().any(|line| {
        line["message"]
            .as_str()
            .is_some_and(|text| text.starts_with("listening"))
    }));
    let (text, _) = server(&app, &[("LOG", "info"), ("LOG_JSON", "false")]).await;
    assert!(text.log().contains(" INFO "), "{}", text.log());
}

/// The secrets among the settings, as they stand there and in the ways in which they travel.
fn secrets(app: &TestApp) -> Vec<String> {
    let url = |name: &str| -> reqwest::Url { app.environment[name].parse().unwrap() };
    let mut secrets = vec![
        app.environment["MINIO_SECRET_KEY"].clone(),
        url("DATABASE_URL").password().unwrap().to_owned(),
        url("REDIS_URL").password().unwrap().to_owned(),
        PASSWORD.to_owned(),
        app.client.token.clone().unwrap(),
    ];
    secrets.extend(RECOGNISABLE.map(str::to_owned));
    let encoded: Vec<String> = secrets
        .iter()
        .map(|secret| BASE64_STANDARD.encode(secret))
        .collect();
    secrets.extend(encoded);
    secrets
}

const RECOGNISABLE: [&str; 9] = [
    "recognisable-secret-key-0123456789",
    "recognisable-previous-key-0123456789",
    "recognisable-anthropic-key",
    "recognisable-openai-key",
    "recognisable-smtp-password",
    "recognisable-provider-key",
    "recognisable-document-text",
    "recognisable-password-guess",
    "recognisable-query",
];

#[tokio::test]
async fn no_secret_is_ever_logged() {
    let app = TestApp::start().await;
    let smtp = format!(
        "smtps://user:{}@{}",
        RECOGNISABLE[4],
        crate::support::closed_port().await
    );
    let settings = [
        (
            "SECRET_KEY_PREVIOUS",
            app.environment["SECRET_KEY"].as_str(),
        ),
        ("SECRET_KEY", RECOGNISABLE[0]),
        ("ANTHROPIC_API_KEY", RECOGNISABLE[2]),
        ("OPENAI_API_KEY", RECOGNISABLE[3]),
        ("SMTP_URL", smtp.as_str()),
        ("MAIL_FROM", "vault@example.org"),
        ("LOG", "debug"),
    ];
    let (process, client) = server(&app, &settings).await;
    client.upload("a.txt", RECOGNISABLE[6]).await;
    let key = json!({ "providers": { "openai": { "api_key": RECOGNISABLE[5] } } });
    client.send(PATCH, "/api/settings", key).await;
    for password in [PASSWORD, RECOGNISABLE[7]] {
        let log_in = json!({ "login": "admin", "password": password });
        client
            .anonymous()
            .send(POST, "/api/auth/login", log_in)
            .await;
    }
    let wrong = json!({ "login": RECOGNISABLE[7], "password": 7 });
    client
        .anonymous()
        .send(POST, "/api/auth/login", wrong)
        .await;
    let reset = json!({ "login": "admin" });
    client
        .anonymous()
        .send(POST, "/api/auth/password-reset", reset)
        .await;
    client.get("/setup?token=recognisable-query").await;
    client.get("/api/documents?q=recognisable-query").await;
    let log = process.log();
    assert!(log.contains("answered"), "nothing was logged:\n{log}");
    for secret in secrets(&app) {
        assert!(!log.contains(&secret), "{secret} stands in the log:\n{log}");
    }
}
