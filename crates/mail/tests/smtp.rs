//! Mail over real SMTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use mail::{Config, Error, Mail, Mailer, Misconfigured};
use std::sync::Arc;
use testkit::smtp::SmtpSink;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

const TO: &str = "reader@example.org";

fn build(url: Option<&str>, from: &str) -> Result<Arc<dyn Mailer>, Misconfigured> {
    mail::build(Config {
        smtp_url: url.map(|url| url.to_owned().into()),
        from: from.to_owned(),
    })
}

fn mailer(url: &str) -> Arc<dyn Mailer> {
    build(Some(url), "DocuVault <vault@example.org>").unwrap()
}

fn mail(subject: &str, text: &str) -> Mail {
    Mail {
        to: TO.to_owned(),
        subject: subject.to_owned(),
        text: text.to_owned(),
    }
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let sink = SmtpSink::start().await;
    let long = "word ".repeat(300);
    let texts = [
        "Open this link:\n\nhttps://vault.example.org/reset?token=a-b_c=d\n".to_owned(),
        ".\n..\n.a line that begins with a dot\n.".to_owned(),
        "Größe: 12 €\nЗдравствуйте\n文書\n".to_owned(),
        long.trim_end().to_owned(),
    ];
    for text in texts {
        let sent = mail("Ihr Zugang für DocuVault: 文書", &text);
        mailer(&sink.url()).send(&sent).await.unwrap();
        let received = sink.wait_for(TO).await;
        assert_eq!(received.text, text);
        assert_eq!(received.subject, sent.subject);
        assert_eq!(received.from, "vault@example.org");
        assert_eq!(received.headers["from"], "DocuVault <vault@example.org>");
        assert_eq!(received.headers["to"], TO);
    }
    assert!(sink.mails().is_empty(), "more than was sent");
}

#[tokio::test]
async fn it_is_plain_text_that_a_machine_wrote() {
    let sink = SmtpSink::start().await;
    let mailer = mailer(&sink.url());
    for _ in 0..2 {
        mailer.send(&mail("Hello", "<b>Hello</b>")).await.unwrap();
    }
    let (first, second) = (sink.wait_for(TO).await, sink.wait_for(TO).await);
    assert_eq!(first.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(first.headers["auto-submitted"], "auto-generated");
    assert_eq!(first.text, "<b>Hello</b>");
    assert!(first.headers["message-id"].ends_with("@example.org>"));
    assert_ne!(first.headers["message-id"], second.headers["message-id"]);
    assert!(first.headers.contains_key("date"));
}

#[tokio::test]
async fn nobody_adds_a_header_or_a_recipient() {
    let sink = SmtpSink::start().await;
    let mailer = mailer(&sink.url());
    for subject in [
        "Hello\r\nBcc: other@example.org",
        "Hello\nBcc: other@example.org",
        "Hello\rBcc: other@example.org",
        "Hello\0",
    ] {
        let answer = mailer.send(&mail(subject, "Hello")).await;
        assert!(matches!(answer, Err(Error::Refused(_))), "{subject:?}");
    }
    for to in [
        "",
        "reader",
        "reader@example.org\r\nBcc: other@example.org",
        "reader@example.org\r\nRCPT TO:<other@example.org>",
        "\"a\r\nb\"@example.org",
        "reader@example.org, other@example.org",
        "reader@example.org> <other@example.org",
        "Reader <reader@example.org>",
    ] {
        let sent = Mail {
            to: to.to_owned(),
            ..mail("Hello", "Hello")
        };
        let answer = mailer.send(&sent).await;
        assert!(matches!(answer, Err(Error::Refused(_))), "{to:?}");
    }
    // What a text says stays text.
    let text = "Hello\n.\nMAIL FROM:<other@example.org>\r\n.\r\nRCPT TO:<other@example.org>";
    mailer.send(&mail("Hello", text)).await.unwrap();
    assert_eq!(sink.wait_for(TO).await.text, text.replace("\r\n", "\n"));
    assert!(sink.mails().is_empty(), "something slipped through");
}

#[tokio::test]
async fn the_server_s_answer_decides_whether_another_try_is_of_use() {
    let sink = SmtpSink::start().await;
    let mailer = mailer(&sink.url());
    let sent = mail("Hello", "Hello");

    sink.answer(550);
    assert!(matches!(mailer.send(&sent).await, Err(Error::Refused(_))));
    // Later, and: who are you?
    for code in [451, 530] {
        sink.answer(code);
        let answer = mailer.send(&sent).await;
        assert!(matches!(answer, Err(Error::Unavailable(_))), "{code}");
    }
    assert!(sink.mails().is_empty(), "a refused mail was kept");

    sink.answer(250);
    mailer.send(&sent).await.unwrap();
    assert_eq!(sink.wait_for(TO).await.text, "Hello");
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable() {
    let sink = SmtpSink::start().await;
    let mailer = mailer(&sink.url());
    drop(sink);
    // The port is free once the listener's task is gone.
    testkit::until("The refusal", testkit::PATIENCE, async || {
        let answer = mailer.send(&mail("Hello", "Hello")).await;
        Ok(matches!(answer, Err(Error::Unavailable(_))).then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_server_that_falls_silent_is_not_waited_for_without_end() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let mailer = mailer(&format!("smtp://{}", listener.local_addr().unwrap()));
    let sending = tokio::spawn(async move { mailer.send(&mail("Hello", "Hello")).await });

    let (stream, _) = listener.accept().await.unwrap();
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await.unwrap();
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    assert!(line.starts_with("EHLO "), "{line}");

    // Now only the limit on the whole conversation can end it. A clock that stands still jumps to the
    // next thing that is waited for.
    tokio::time::pause();
    let answer = sending.await.unwrap();
    assert!(matches!(answer, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn nothing_is_sent_unencrypted_where_encryption_is_wanted() {
    let sink = SmtpSink::start().await;
    let smtps = sink.url().replace("smtp://", "smtps://user:hidden-word@");
    let starttls = sink.url().replace("smtp://", "smtp://user:hidden-word@") + "?tls=required";
    for url in [smtps, starttls] {
        let answer = mailer(&url).send(&mail("Hello", "Hello")).await;
        assert!(matches!(answer, Err(Error::Unavailable(_))), "{url}");
    }
    assert!(sink.mails().is_empty(), "it was sent all the same");
}

#[tokio::test]
async fn without_a_server_every_mail_is_told_so() {
    let mailer = build(None, "vault@example.org").unwrap();
    let answer = mailer.send(&mail("Hello", "Hello")).await;
    assert!(matches!(answer, Err(Error::NotConfigured)));
}

#[test]
fn a_configuration_that_makes_no_sense_is_refused_without_repeating_it() {
    let from = "vault@example.org";
    for url in [
        "",
        "mail.example.org",
        "http://mail.example.org",
        "smtp://mail.example.org?tls=maybe",
    ] {
        let error = build(Some(url), from).err().unwrap();
        assert!(matches!(error, Misconfigured::Url(_)), "{url}: {error:?}");
    }
    for query in ["", "?tls=opportunistic", "?tls=opportunistic&tls=required"] {
        let url = format!("smtp://user:hidden-word@mail.example.org{query}");
        let error = build(Some(&url), from).err().unwrap();
        assert!(
            matches!(error, Misconfigured::PasswordInClear),
            "{url}: {error:?}"
        );
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains("hidden-word") && !shown.contains("mail.example.org"),
            "{shown}"
        );
    }
    for sender in [
        "",
        "DocuVault",
        "DocuVault <vault>",
        "a@example.org\r\nBcc: b@example.org",
    ] {
        let error = build(Some("smtp://mail.example.org"), sender)
            .err()
            .unwrap();
        assert!(
            matches!(error, Misconfigured::Sender(_)),
            "{sender:?}: {error:?}"
        );
    }
}

#[tokio::test]
async fn what_is_logged_shows_neither_the_password_nor_the_link() {
    let sent = mail("Hello", "https://vault.example.org/reset?token=hidden-word");
    assert!(!format!("{sent:?}").contains("hidden-word"));

    let config = Config {
        smtp_url: Some("smtps://user:hidden-word@127.0.0.1:1".to_owned().into()),
        from: "vault@example.org".to_owned(),
    };
    assert!(!format!("{config:?}").contains("hidden-word"));
    let error = mail::build(config).unwrap().send(&sent).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)));
    assert_eq!(error.to_string(), "the mail server is not available");
    assert!(!format!("{error:?}").contains("hidden-word"));
}
