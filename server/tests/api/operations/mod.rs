//! What whoever runs a vault sees of it: metrics, logs, the check of the settings, the end of a process.

mod backup;
mod check;
mod healthcheck;
mod logs;
mod metrics;
mod service_manager;
mod stopping;

use std::collections::BTreeMap;
use testkit::{Client, LoggedProcess, PATIENCE, TestApp, until};

/// Another server of the vault as a process of its own, at an address of its own, with this beside the
/// vault's settings.
async fn server(app: &TestApp, beside: &[(&str, &str)]) -> (LoggedProcess, Client) {
    let address = crate::support::closed_port().await;
    let mut environment: BTreeMap<String, String> = app.environment.clone();
    for (name, value) in beside {
        environment.insert((*name).to_owned(), (*value).to_owned());
    }
    environment.insert("LISTEN".to_owned(), address.clone());
    let process = LoggedProcess::start("server", &environment);
    let token = app.client.token.clone().unwrap();
    let client = Client::new(format!("http://{address}")).with_token(token);
    until("the server", PATIENCE, async || {
        let answer = client.request(reqwest::Method::GET, "/livez").send().await;
        Ok(answer.is_ok().then_some(()))
    })
    .await
    .unwrap();
    (process, client)
}
