//! Every variable may lie in a file that `NAME_FILE` names: read once, as it stands but for one newline at
//! its end, and never repeated.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use settings::{
    Env, Error, ExposeSecret, FileFault, MigrateSettings, Problems, ServerSettings, VARIABLES,
    WorkerSettings,
};
use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};
use tempfile::TempDir;

type Variables = BTreeMap<String, String>;

const NAME: &str = "DATABASE_MIGRATE_URL";
const URL: &str = "postgres://migrate:p4ssw0rd@localhost/db";

fn env(variables: &Variables) -> Env {
    let variables = variables.clone();
    Env::new(move |name| variables.get(name).cloned())
}

fn only(name: &str, value: impl Into<String>) -> Variables {
    Variables::from([(name.to_owned(), value.into())])
}

fn in_file(path: &Path) -> Variables {
    only(&format!("{NAME}_FILE"), path.to_str().unwrap())
}

/// What is made of a file with these bytes.
fn read(bytes: impl AsRef<[u8]>) -> Result<String, Error> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, bytes).unwrap();
    of(&in_file(&path))
}

fn of(variables: &Variables) -> Result<String, Error> {
    let settings = MigrateSettings::from_env(&env(variables))?;
    Ok(settings.database_url.expose_secret().to_owned())
}

fn fault(fault: FileFault) -> Error {
    Error::File {
        name: NAME.to_owned(),
        fault,
    }
}

#[test]
fn every_variable_may_lie_in_a_file() {
    let folder = TempDir::new().unwrap();
    let (mut plain, mut files) = (Variables::new(), Variables::new());
    for variable in VARIABLES {
        let path = folder.path().join(variable.name);
        fs::write(&path, format!("{}\n", variable.example)).unwrap();
        plain.insert(variable.name.to_owned(), variable.example.to_owned());
        files.insert(
            format!("{}_FILE", variable.name),
            path.to_str().unwrap().to_owned(),
        );
    }
    // Secrets are redacted in this form: they are compared one by one.
    let shown = |variables: &Variables| {
        let env = env(variables);
        let server = ServerSettings::from_env(&env).unwrap();
        let worker = WorkerSettings::from_env(&env).unwrap();
        let migrate = MigrateSettings::from_env(&env).unwrap();
        let secrets = [
            server.database_url.clone(),
            migrate.database_url.clone(),
            server.redis.url.clone(),
            server.store.access_key.clone(),
            server.store.secret_key.clone(),
            server.secrets.secret_key.clone(),
            server.secrets.previous_secret_key.clone().unwrap(),
            server.filing.anthropic_api_key.clone().unwrap(),
            server.filing.openai_api_key.clone().unwrap(),
            server.mail.server.clone().unwrap().url,
        ]
        .map(|secret| secret.expose_secret().to_owned());
        (format!("{server:?} {worker:?} {migrate:?}"), secrets)
    };
    assert_eq!(shown(&files), shown(&plain));
}

#[test]
fn one_newline_at_the_end_is_nobodys() {
    for ending in ["", "\n", "\r\n"] {
        assert_eq!(read(format!("{URL}{ending}")).as_deref(), Ok(URL));
    }
    assert_eq!(read(format!("{URL}\n\n")), Ok(format!("{URL}\n")));
    assert_eq!(read(format!(" {URL} \n")), Ok(format!(" {URL} ")));
}

#[test]
fn a_file_is_read_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, URL).unwrap();
    let env = env(&in_file(&path));
    MigrateSettings::from_env(&env).unwrap();
    fs::remove_file(&path).unwrap();
    let again = MigrateSettings::from_env(&env).unwrap();
    assert_eq!(again.database_url.expose_secret(), URL);
}

#[test]
fn a_file_has_a_size() {
    let longest = format!("{URL}?x={}", "x".repeat(64 * 1024 - URL.len() - 3));
    assert_eq!(longest.len(), 64 * 1024);
    assert_eq!(read(&longest).as_deref(), Ok(longest.as_str()));
    assert_eq!(read(format!("{longest}x")), Err(fault(FileFault::TooLarge)));
    // It has no end.
    let endless = in_file(Path::new("/dev/zero"));
    assert_eq!(of(&endless), Err(fault(FileFault::TooLarge)));
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let folder = TempDir::new().unwrap();
    assert_eq!(
        of(&in_file(folder.path())),
        Err(fault(FileFault::Folder)),
        "a folder"
    );
    let nowhere = folder.path().join("p4ssw0rd");
    assert_eq!(of(&in_file(&nowhere)), Err(fault(FileFault::NotThere)));
    assert_eq!(
        read([b'p', 0xff, 0xfe]),
        Err(fault(FileFault::NotText)),
        "no text"
    );
    for nothing in ["", "\n", "  \n"] {
        assert_eq!(read(nothing), Err(Error::Missing(NAME.to_owned())));
    }
}

/// The superuser reads everything: then there is nothing to see here.
#[test]
fn a_file_of_somebody_else_is_told_from_one_that_is_not_there() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, URL).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o000)).unwrap();
    let expected = match fs::read(&path) {
        Ok(_) => Ok(URL.to_owned()),
        Err(_) => Err(fault(FileFault::Forbidden)),
    };
    assert_eq!(of(&in_file(&path)), expected);
}

#[test]
fn the_variable_and_its_file_are_not_set_both() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, URL).unwrap();
    let mut variables = in_file(&path);
    variables.insert(NAME.to_owned(), URL.to_owned());
    assert_eq!(of(&variables), Err(Error::Both(NAME.to_owned())));
    // Compose passes on what was never set as nothing.
    variables.insert(NAME.to_owned(), String::new());
    assert_eq!(of(&variables).as_deref(), Ok(URL));
    let mut variables = only(NAME, URL);
    variables.insert(format!("{NAME}_FILE"), String::new());
    assert_eq!(of(&variables).as_deref(), Ok(URL));
}

/// What each kind of mistake is told as.
#[test]
fn nothing_of_a_file_is_ever_repeated() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("p4ssw0rd");
    let said =
        |variables: &Variables| -> Problems { ServerSettings::read(&env(variables)).unwrap_err() };
    let mut variables: Variables = VARIABLES
        .iter()
        .map(|variable| (variable.name.to_owned(), variable.example.to_owned()))
        .collect();
    variables.remove("LISTEN");
    variables.insert("LISTEN_FILE".to_owned(), path.to_str().unwrap().to_owned());
    for (bytes, wrong) in [
        (
            Some(b"p4ssw0rd".as_slice()),
            "LISTEN_FILE names a file that holds something that can't be used.",
        ),
        (
            Some(b"p4ssw0rd\xff".as_slice()),
            "LISTEN_FILE names a file that is not UTF-8 text.",
        ),
        (None, "LISTEN_FILE names a file that does not exist."),
    ] {
        match bytes {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let problems = said(&variables);
        assert_eq!(problems.0.len(), 1, "{problems}");
        assert_eq!(problems.0[0].wrong, wrong);
        assert!(!problems.to_string().contains("p4ssw0rd"), "{problems}");
    }
    variables.insert("LISTEN".to_owned(), "127.0.0.1:8000".to_owned());
    let problems = said(&variables);
    assert_eq!(
        problems.0[0].wrong,
        "LISTEN and LISTEN_FILE are both set: take one of them away."
    );
    assert_eq!(problems.0[0].example, "LISTEN=127.0.0.1:8000");
}

#[test]
fn an_empty_file_for_what_must_be_set_is_said() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, "\n").unwrap();
    let problems = MigrateSettings::read(&env(&in_file(&path))).unwrap_err();
    assert_eq!(
        problems.0[0].wrong,
        "DATABASE_MIGRATE_URL_FILE names a file that is empty."
    );
}
