//! `server healthcheck`: 0 while the server can work, else 1 and a sentence.

use crate::support::closed_port;
use std::collections::BTreeMap;
use testkit::{TestApp, run_complaining};

async fn check(environment: &BTreeMap<String, String>, listen: &str) -> (Option<i32>, String) {
    let mut environment = environment.clone();
    environment.insert("LISTEN".to_owned(), listen.to_owned());
    run_complaining("server", &["healthcheck"], &environment).await
}

#[tokio::test]
async fn a_server_that_can_work_is_healthy() {
    let app = TestApp::start().await;
    let listen = app.environment["LISTEN"].clone();
    let healthy = (Some(0), String::new());
    assert_eq!(check(&app.environment, &listen).await, healthy);
}

#[tokio::test]
async fn a_server_without_one_of_its_parts_says_which() {
    let mut app = TestApp::start().await;
    let mut environment = app.environment.clone();
    let url = format!("redis://:hidden-word@{}/", closed_port().await);
    environment.insert("REDIS_URL".to_owned(), url);
    let second = app.second_server(environment.clone()).await;
    let listen = second.base.strip_prefix("http://").unwrap();
    let (code, said) = check(&environment, listen).await;
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(said, "The server can't work: Redis (error: no answer).\n");
}

#[tokio::test]
async fn where_no_server_listens_nothing_is_healthy() {
    let app = TestApp::start().await;
    let nowhere = closed_port().await;
    let (code, said) = check(&app.environment, &nowhere).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("The server does not answer"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}
