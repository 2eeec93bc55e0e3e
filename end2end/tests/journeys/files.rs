//! Pages and the files they load, asked for at once.

use http::{HeaderMap, header::CONTENT_SECURITY_POLICY};
use testkit::{Client, TestApp};

async fn headers(client: &Client, path: &str) -> HeaderMap {
    let answer = client
        .request(http::Method::GET, path)
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.headers().clone()
}

/// What an answer's scripts have to carry, if it lets any run.
fn nonce(headers: &HeaderMap) -> Option<String> {
    let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    let (_, nonce) = policy.split_once("'nonce-")?;
    Some(nonce.split('\'').next().unwrap().to_owned())
}

#[tokio::test]
async fn a_file_takes_nothing_from_a_page_that_is_made_at_the_same_time() {
    let vault = TestApp::start().await;
    for _ in 0..5 {
        let paths = ["/documents", "/theme.js", "/topics", "/favicon.svg"].repeat(5);
        let asked = paths.iter().map(|path| headers(&vault.client, path));
        let answers = futures::future::join_all(asked).await;
        for (path, headers) in paths.iter().zip(answers) {
            let is_page = !path.contains('.');
            assert_eq!(nonce(&headers).is_some(), is_page, "{path}: {headers:?}");
        }
    }
}
