//! `.env.example` and what is read are the same variables; errors name them and never say a value.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use settings::{Env, Error, MigrateSettings, ServerSettings, WorkerSettings};
use std::collections::{BTreeMap, BTreeSet};

const EXAMPLE: &str = include_str!("../../../.env.example");

/// The object store's own: read by it and by the development supervisor, never by DocuVault (D-15).
const OF_THE_STORE: [&str; 2] = ["MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD"];

/// What Compose alone reads, and fills in where others name it.
const OF_COMPOSE: [&str; 9] = [
    "COMPOSE_PROFILES",
    "DOCUVAULT_VERSION",
    "DOCUVAULT_PORT",
    "SERVERS",
    "WORKERS",
    "EDGE_SUBNET",
    "POSTGRES_APP_PASSWORD",
    "POSTGRES_MIGRATE_PASSWORD",
    "REDIS_PASSWORD",
];

const SECRETS: [&str; 10] = [
    "DATABASE_URL",
    "DATABASE_MIGRATE_URL",
    "REDIS_URL",
    "MINIO_ACCESS_KEY",
    "MINIO_SECRET_KEY",
    "SECRET_KEY",
    "SECRET_KEY_PREVIOUS",
    "ANTHROPIC_API_KEY",
    "OPENAI_API_KEY",
    "SMTP_URL",
];

type Variables = BTreeMap<String, String>;

/// The example as it stands.
fn lines() -> Variables {
    EXAMPLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The example as Compose fills it in, with a secret key that is long enough.
fn example() -> Variables {
    let mut variables = lines();
    for name in OF_COMPOSE {
        let (named, filled) = (format!("${{{name}}}"), variables[name].clone());
        for value in variables.values_mut() {
            *value = value.replace(&named, &filled);
        }
    }
    variables.insert(
        "SECRET_KEY".to_owned(),
        "0123456789abcdef0123456789abcdef".to_owned(),
    );
    variables
}

fn env(variables: &Variables) -> Env {
    let variables = variables.clone();
    Env::new(move |name| variables.get(name).cloned())
}

/// What each binary makes of the variables: server, worker, migrations.
fn read(variables: &Variables) -> [Option<Error>; 3] {
    [
        ServerSettings::from_env(&env(variables)).err(),
        WorkerSettings::from_env(&env(variables)).err(),
        MigrateSettings::from_env(&env(variables)).err(),
    ]
}

#[test]
fn the_example_is_acceptable_as_it_stands() {
    assert_eq!(read(&example()), [None, None, None]);
}

#[test]
fn the_example_names_what_is_read_and_nothing_else() {
    let env = env(&example());
    ServerSettings::from_env(&env).unwrap();
    WorkerSettings::from_env(&env).unwrap();
    MigrateSettings::from_env(&env).unwrap();
    let mut read = env.asked();
    read.extend(OF_THE_STORE.map(str::to_owned));
    read.extend(OF_COMPOSE.map(str::to_owned));
    let named: BTreeSet<String> = example().into_keys().collect();
    assert_eq!(named, read);
}

#[test]
fn the_example_names_everything_once_with_a_comment() {
    let mut named = BTreeSet::new();
    let mut explained = false;
    for line in EXAMPLE.lines() {
        match line.split_once('=') {
            _ if line.is_empty() => explained = false,
            _ if line.starts_with("# ---") => explained = false,
            _ if line.starts_with('#') => explained = line.len() > 10,
            Some((name, _)) => {
                assert!(named.insert(name), "{name} stands there twice");
                // A comment also holds for the variables right below its own.
                assert!(explained, "{name} has no comment");
            }
            None => panic!("neither a comment nor a variable: {line}"),
        }
    }
}

#[test]
fn the_example_holds_no_secret() {
    let lines = lines();
    let passwords = OF_COMPOSE.iter().filter(|name| name.ends_with("_PASSWORD"));
    for name in SECRETS.iter().chain(&OF_THE_STORE).chain(passwords) {
        let value = &lines[*name];
        let is_named = OF_COMPOSE
            .iter()
            .any(|password| value.contains(&format!("${{{password}}}")));
        assert!(
            value.is_empty() || value.contains("change-me") || is_named,
            "{name}={value}"
        );
    }
}

#[test]
fn the_defaults_are_those_of_the_example() {
    let required = [
        "DATABASE_URL",
        "DATABASE_MIGRATE_URL",
        "REDIS_URL",
        "MINIO_ENDPOINT",
        "MINIO_ACCESS_KEY",
        "MINIO_SECRET_KEY",
        "SECRET_KEY",
        // By its name, as a vault is reached in the end; unset it is where the server listens.
        "PUBLIC_URL",
    ];
    let mut least = example();
    least.retain(|name, _| required.contains(&name.as_str()));
    let (full, least) = (env(&example()), env(&least));
    // Secrets are redacted in this form.
    let shown = |env: &Env| {
        format!(
            "{:?} {:?}",
            ServerSettings::from_env(env).unwrap(),
            WorkerSettings::from_env(env).unwrap()
        )
    };
    assert_eq!(shown(&full), shown(&least));
}

#[test]
fn what_is_missing_is_named() {
    for (name, by) in [
        ("DATABASE_URL", [true, true, false]),
        ("DATABASE_MIGRATE_URL", [false, false, true]),
        ("REDIS_URL", [true, true, false]),
        ("MINIO_ENDPOINT", [true, true, false]),
        ("MINIO_ACCESS_KEY", [true, true, false]),
        ("MINIO_SECRET_KEY", [true, true, false]),
        ("SECRET_KEY", [true, true, false]),
    ] {
        for empty in [false, true] {
            let mut variables = example();
            variables.remove(name);
            if empty {
                variables.insert(name.to_owned(), "  ".to_owned());
            }
            let expected = by.map(|missed| missed.then(|| Error::Missing(name.to_owned())));
            assert_eq!(read(&variables), expected, "{name}");
        }
    }
}

/// A value that this secret may have, with that word in it.
fn acceptable(name: &str, word: &str) -> String {
    match name {
        "DATABASE_URL" | "DATABASE_MIGRATE_URL" => format!("postgres://user:{word}@localhost/db"),
        "REDIS_URL" => format!("redis://:{word}@localhost/"),
        "SMTP_URL" => format!("smtps://user:{word}@localhost"),
        _ => format!("{word}-0123456789abcdef0123456789abcdef"),
    }
}

#[test]
fn a_secret_is_never_shown() {
    let mut variables = example();
    for name in SECRETS {
        variables.insert(
            name.to_owned(),
            acceptable(name, &format!("hidden-word-{}", name.len())),
        );
    }
    let shown = format!(
        "{:?} {:?} {:?}",
        ServerSettings::from_env(&env(&variables)).unwrap(),
        WorkerSettings::from_env(&env(&variables)).unwrap(),
        MigrateSettings::from_env(&env(&variables)).unwrap()
    );
    assert!(!shown.contains("hidden-word"), "{shown}");
}

#[test]
fn mail_needs_a_sender_where_there_is_a_server() {
    let mut variables = example();
    variables.insert("SMTP_URL".to_owned(), "smtp://mail.example.org".to_owned());
    let read = ServerSettings::from_env(&env(&variables)).unwrap();
    assert_eq!(read.mail.server.unwrap().from, "vault@example.org");
    variables.remove("MAIL_FROM");
    assert_eq!(
        ServerSettings::from_env(&env(&variables)).unwrap_err(),
        Error::Missing("MAIL_FROM".to_owned())
    );
}

#[test]
fn origins_are_cut_to_what_a_browser_sends() {
    let mut variables = example();
    variables.insert(
        "CORS_ORIGINS".to_owned(),
        " http://localhost:5173/ ,, https://vault.test:443/app".to_owned(),
    );
    let read = ServerSettings::from_env(&env(&variables)).unwrap();
    assert_eq!(
        read.http.cors_origins,
        ["http://localhost:5173", "https://vault.test"]
    );
}

#[test]
fn whoever_listens_everywhere_says_where_people_come() {
    for listen in ["0.0.0.0:8000", "[::]:8000"] {
        let mut variables = example();
        variables.insert("LISTEN".to_owned(), listen.to_owned());
        ServerSettings::from_env(&env(&variables)).unwrap();
        variables.remove("PUBLIC_URL");
        assert_eq!(
            ServerSettings::from_env(&env(&variables)).err(),
            Some(Error::Missing("PUBLIC_URL".to_owned())),
        );
    }
}

#[test]
fn numbers_have_bounds() {
    for (name, out) in [
        ("DEFAULT_QUOTA_BYTES", "-1"),
        ("MAX_UPLOAD_BYTES", "0"),
        ("PROVIDER_TIMEOUT_SECONDS", "0"),
        ("WORKER_CONCURRENCY", "0"),
        ("WORKER_CONCURRENCY", "65"),
        ("WORKER_LEASE_SECONDS", "0"),
        ("WORKER_RECONCILE_SECONDS", "86401"),
        ("EXTRACTION_MEMORY_MIB", "63"),
        ("EXTRACTION_SECONDS", "0"),
    ] {
        let mut variables = example();
        variables.insert(name.to_owned(), out.to_owned());
        let errors: Vec<Error> = read(&variables).into_iter().flatten().collect();
        assert!(!errors.is_empty(), "{name} may be {out}");
        for error in errors {
            assert!(
                matches!(&error, Error::Unacceptable { name: said, .. } if said == name),
                "{error}"
            );
        }
    }
}

#[test]
fn the_previous_key_is_another() {
    let mut variables = example();
    let key = variables["SECRET_KEY"].clone();
    variables.insert("SECRET_KEY_PREVIOUS".to_owned(), key);
    let error = ServerSettings::from_env(&env(&variables)).unwrap_err();
    assert_eq!(error.variable(), "SECRET_KEY_PREVIOUS");
}

/// systemd, and `docker run --env-file`, pass on what Compose would have filled in.
#[test]
fn an_address_that_is_not_filled_in_is_none() {
    let mut variables = example();
    for name in ["DATABASE_URL", "DATABASE_MIGRATE_URL", "REDIS_URL"] {
        let filled = variables
            .insert(name.to_owned(), lines()[name].clone())
            .unwrap();
        let errors: Vec<Error> = read(&variables).into_iter().flatten().collect();
        assert!(!errors.is_empty(), "{name}");
        for error in errors {
            assert_eq!(error.variable(), name);
            assert!(error.to_string().contains("Compose alone"), "{error}");
        }
        variables.insert(name.to_owned(), filled);
    }
}
