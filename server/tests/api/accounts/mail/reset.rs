//! A forgotten password, from asking for a link to signing in with another.

use super::{NEW, ask, choose, reset_token, token, vault, with_mail};
use crate::{
    accounts::{is_good, log_in, signed_in},
    support::problem,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Client, PASSWORD, POST, Setup, TestApp, smtp::SmtpSink};

#[tokio::test]
async fn a_link_in_a_mail_leads_to_a_new_password() {
    let (app, sink) = vault().await;
    let (session, _) = signed_in(&app, "admin").await;
    let program = app.client.api_token("read").await;
    let notice = sink.wait_for("admin@vault.test").await;
    assert_eq!(notice.subject, "A token was made");

    assert_eq!(ask(&app.client, "Admin ").await.status(), 202);
    let mail = sink.wait_for("admin@vault.test").await;
    assert_eq!(mail.subject, "Choose a new password");
    assert_eq!(mail.headers["from"], "DocuVault <vault@vault.test>");
    assert!(mail.headers["content-type"].starts_with("text/plain"));
    assert!(
        mail.text.contains("admin, from 127.0.0.1."),
        "{}",
        mail.text
    );
    assert!(mail.text.contains("do nothing"), "{}", mail.text);
    let link = token(&app, &mail, "reset-password");
    assert!(!app.database.everything().await.contains(&link));

    let weak = problem(choose(&app.client, &link, "password1234").await, 422).await;
    assert_eq!(weak.errors[0].loc, ["body", "new_password"]);
    assert!(is_good(&app, &session).await);
    let done = choose(&app.client, &link, NEW).await;
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    assert!(!done.headers().contains_key("set-cookie"));

    assert!(!is_good(&app, &session).await);
    assert!(!is_good(&app, &program).await);
    problem(log_in(&app.client, "admin", PASSWORD).await, 401).await;
    assert_eq!(log_in(&app.client, "admin", NEW).await.status(), 200);
    let notice = sink.wait_for("admin@vault.test").await;
    assert_eq!(notice.subject, "Your password was chosen anew");
    let again = problem(choose(&app.client, &link, PASSWORD).await, 403).await;
    assert_eq!(again.code, "link_no_longer_works");
}

#[tokio::test]
async fn it_stands_in_the_log() {
    let (app, sink) = vault().await;
    let link = reset_token(&app, &sink, "admin").await;
    choose(&app.client, &link, NEW).await;
    let entries = app
        .database
        .texts("SELECT event_type || ' ' || COALESCE(metadata ->> 'note', '') FROM audit_log ORDER BY id")
        .await;
    let [.., asked, changed] = &entries[..] else {
        panic!("{entries:?}")
    };
    assert_eq!(asked, "password.reset_requested ");
    assert_eq!(changed, "password.changed by reset link");
}

#[tokio::test]
async fn only_the_newest_link_works_and_for_half_an_hour() {
    let (app, sink) = vault().await;
    let first = reset_token(&app, &sink, "admin").await;
    let second = reset_token(&app, &sink, "admin").await;
    problem(choose(&app.client, &first, NEW).await, 403).await;
    let lifetime =
        "SELECT extract(epoch FROM expires_at - created_at)::bigint FROM one_time_tokens";
    assert!((1790..=1800).contains(&app.database.number(lifetime).await));
    app.database
        .execute("UPDATE one_time_tokens SET expires_at = now() - interval '1 second'")
        .await;
    problem(choose(&app.client, &second, NEW).await, 403).await;
    assert_eq!(log_in(&app.client, "admin", PASSWORD).await.status(), 200);
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_chooses() {
    let (app, sink) = vault().await;
    let link = reset_token(&app, &sink, "admin").await;
    let other = "a third password that is long";
    let (one, two) = tokio::join!(
        choose(&app.client, &link, NEW),
        choose(&app.client, &link, other)
    );
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 403]);
}

#[tokio::test]
async fn rubbish_is_no_link() {
    let (app, sink) = vault().await;
    let link = reset_token(&app, &sink, "admin").await;
    let invitation = app
        .client
        .send(POST, "/api/admin/invitations", json!({}))
        .await;
    let invitation: wire::Invitation = invitation.json().await.unwrap();
    let (_, other_kind) = invitation.link.split_once("token=").unwrap();
    for rubbish in ["", "dvp_", "\0", &link[..link.len() - 1], other_kind] {
        problem(choose(&app.client, rubbish, NEW).await, 403).await;
    }
}

#[tokio::test]
async fn a_link_to_a_disabled_account_does_not_work() {
    let (app, sink) = vault().await;
    app.person("ada").await;
    let link = reset_token(&app, &sink, "ada").await;
    app.database
        .execute("UPDATE users SET is_active = false WHERE handle = 'ada'")
        .await;
    problem(choose(&app.client, &link, NEW).await, 403).await;
}

#[tokio::test]
async fn a_new_password_is_no_way_around_the_second_factor() {
    let (app, sink) = vault().await;
    let me = &app.client;
    let path = "/api/account/second-factor/totp";
    let begun = me.send(POST, path, json!({ "password": PASSWORD })).await;
    let begun: Value = begun.json().await.unwrap();
    let totp = auth::Totp::from_base32(begun["secret"].as_str().unwrap()).unwrap();
    let code = totp.code_at(domain::Clock::system().now()).unwrap();
    let confirmed = me
        .send(POST, &format!("{path}/confirm"), json!({ "code": code }))
        .await;
    assert!(confirmed.status().is_success(), "{}", confirmed.status());
    let half = log_in(me, "admin", PASSWORD).await;
    let half: wire::SecondFactorWanted = half.json().await.unwrap();

    let told = sink.wait_for("admin@vault.test").await;
    assert_eq!(told.subject, "Your second factor was switched on");
    let link = reset_token(&app, &sink, "admin").await;
    assert_eq!(choose(me, &link, NEW).await.status(), 204);
    // Who got past the old password does not get any further.
    let codes: Value = confirmed.json().await.unwrap();
    let given = json!({ "token": half.token, "code": codes["recovery_codes"][0] });
    let on = me
        .anonymous()
        .send(POST, "/api/auth/second-factor", given)
        .await;
    problem(on, 401).await;
    assert_eq!(log_in(me, "admin", NEW).await.status(), 202);
}

async fn from(client: &Client, address: &str, login: &str) -> reqwest::Response {
    client
        .anonymous()
        .request(POST, "/api/auth/password-reset")
        .header("x-forwarded-for", address)
        .json(&json!({ "login": login }))
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn asking_is_limited_for_known_and_unknown_names_alike() {
    let sink = SmtpSink::start().await;
    let app = with_mail(Setup::default(), &sink)
        .with("TRUSTED_PROXIES", "127.0.0.0/8")
        .start()
        .await;
    for name in ["admin", "nobody"] {
        let mut statuses = Vec::new();
        for n in 0..6 {
            let answer = from(&app.client, &format!("203.0.113.{n}"), name).await;
            statuses.push(answer.status().as_u16());
        }
        assert_eq!(statuses, [202, 202, 202, 202, 202, 429], "{name}");
        let limited = from(&app.client, "198.51.100.7", &name.to_uppercase()).await;
        assert!(limited.headers().contains_key("retry-after"));
        problem(limited, 429).await;
    }
    let mut refused = 0;
    for n in 0..30 {
        let answer = from(&app.client, "198.51.100.8", &format!("somebody-{n}")).await;
        refused += usize::from(answer.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused >= 8, "{refused}");
}

#[tokio::test]
async fn a_vault_without_mail_says_so_to_everybody() {
    let app = TestApp::start().await;
    for name in ["admin", "nobody"] {
        let refused = problem(ask(&app.client, name).await, 409).await;
        assert_eq!(refused.code, "mail_not_configured");
        assert_eq!(
            refused.detail,
            "This vault sends no mail. Ask its admin for a link to choose a new password."
        );
    }
    let (with, _sink) = vault().await;
    for (app, mail) in [(&app, false), (&with, true)] {
        let options = app.client.get("/api/auth/options").await;
        let options: wire::SignInOptions = options.json().await.unwrap();
        assert_eq!(options.mail, mail);
    }
}
