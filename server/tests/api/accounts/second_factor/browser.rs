//! The second step in a browser without scripts: what it keeps is in cookies.

use super::{App, switch_on};
use crate::accounts::browser::{cookies, form, log_in, page};
use reqwest::{Response, StatusCode, header};
use testkit::TestApp;

/// The one cookie of that kind that an answer sets, whole.
fn cookie(answer: &Response, kind: &str) -> String {
    let begin = format!("__Host-docuvault-{kind}=");
    let mut found = answer
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|value| value.to_str().unwrap().to_owned())
        .filter(|cookie| cookie.starts_with(&begin));
    let cookie = found.next().unwrap();
    assert_eq!(found.next(), None);
    cookie
}

fn pair(cookie: &str) -> &str {
    cookie.split(';').next().unwrap()
}

async fn armed() -> (TestApp, App) {
    let app = TestApp::start().await;
    let on = switch_on(&app, &app.client).await;
    (app, on)
}

#[tokio::test]
async fn a_form_leads_to_the_second_step_and_on() {
    let (app, on) = armed().await;
    let answer = log_in(&app, "%2Ftopics").await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    assert_eq!(
        answer.headers()["location"],
        "/login/second-factor?next=%2Ftopics"
    );
    let pending = cookie(&answer, "second-factor");
    for wanted in ["HttpOnly", "Secure", "SameSite=Lax", "Max-Age=300"] {
        assert!(pending.contains(wanted), "{wanted} is missing in {pending}");
    }
    let set = answer.headers().get_all(header::SET_COOKIE).iter().count();
    assert_eq!(set, 1, "a session was begun");

    let step = page(&app, "/login/second-factor?next=%2Ftopics", pair(&pending)).await;
    assert_eq!(step.status(), StatusCode::OK);
    let html = step.text().await.unwrap();
    for part in [
        "action=\"/_fn/second_factor/give\"",
        "name=\"next\" value=\"/topics\"",
        "autocomplete=\"one-time-code\"",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert!(!html.contains("dvf_"));

    let body = format!("code={}&next=%2Ftopics", on.code());
    let answer = form(&app.client, "second_factor/give", &body)
        .header("cookie", pair(&pending))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["location"], "/topics");
    assert!(cookie(&answer, "second-factor").contains("Max-Age=0"));
    let session = cookies(&answer);
    assert_eq!(
        page(&app, "/topics", &session).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn without_a_first_step_there_is_no_second() {
    let (app, on) = armed().await;
    let html = page(&app, "/login/second-factor", "").await.text().await;
    let html = html.unwrap();
    assert!(html.contains("second-factor-over") && !html.contains("second-factor-form"));
    let body = format!("code={}", on.code());
    let answer = form(&app.client, "second_factor/give", &body)
        .header(
            "referer",
            format!("{}/login/second-factor", app.client.base),
        )
        .send()
        .await
        .unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.contains("/login/second-factor?") && location.contains("__err="));
    assert!(answer.headers().get(header::SET_COOKIE).is_none());
}

#[tokio::test]
async fn the_secret_is_shown_to_the_browser_that_gave_the_password_only() {
    let app = TestApp::start().await;
    let session = cookies(&log_in(&app, "").await);
    let elsewhere = cookies(&log_in(&app, "").await);
    let body = format!("password={}", testkit::PASSWORD.replace(' ', "+"));
    let answer = form(&app.client, "second_factor/begin_totp", &body)
        .header("cookie", &session)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["location"], "/account/second-factor");
    let kept = cookie(&answer, "new-app");
    assert!(kept.contains("HttpOnly") && kept.contains("Secure"));
    let here = page(
        &app,
        "/account/second-factor",
        &format!("{session}; {}", pair(&kept)),
    )
    .await;
    let html = here.text().await.unwrap();
    assert!(html.contains("totp-qr") && html.contains("totp-secret"));
    for others in [
        elsewhere.clone(),
        format!("{elsewhere}; __Host-docuvault-new-app=AAAA"),
    ] {
        let there = page(&app, "/account/second-factor", &others).await;
        let html = there.text().await.unwrap();
        assert!(!html.contains("totp-secret"), "{html}");
    }
}
