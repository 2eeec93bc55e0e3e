use super::*;
use proptest::prelude::*;

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

#[tokio::test]
async fn only_the_password_itself_is_right() {
    let passwords = Passwords::cheap();
    let phc = passwords.hash(secret("correct horse")).await.unwrap();
    for (password, verified) in [
        ("correct horse", Verified::Right),
        ("correct horse ", Verified::Wrong),
        ("Correct horse", Verified::Wrong),
        ("", Verified::Wrong),
    ] {
        let answer = passwords.verify(secret(password), Some(phc.clone())).await;
        assert_eq!(answer, Ok(verified), "{password:?}");
    }
}

#[tokio::test]
async fn the_same_password_never_has_the_same_hash() {
    let passwords = Passwords::cheap();
    let one = passwords.hash(secret("correct horse")).await.unwrap();
    let two = passwords.hash(secret("correct horse")).await.unwrap();
    assert_ne!(one, two);
    assert!(!one.contains("correct"));
}

#[tokio::test]
async fn a_new_password_has_to_be_strong() {
    let passwords = Passwords::cheap();
    let person = || vec!["walrus.trellis@quibble.example".to_owned()];
    let good = "four uncommon fjord pelicans";
    let phc = passwords.hash_new(secret(good), person()).await.unwrap();
    assert_eq!(
        passwords.verify(secret(good), Some(phc)).await,
        Ok(Verified::Right)
    );
    for weak in [
        "short",
        "walrus.trellis@quibble.example",
        "passwordpassword",
    ] {
        let answer = passwords.hash_new(secret(weak), person()).await;
        assert!(matches!(answer, Err(PasswordError::Weak(_))), "{weak}");
    }
}

#[tokio::test]
async fn real_accounts_have_the_recommended_setting() {
    let phc = Passwords::new()
        .hash(secret("correct horse"))
        .await
        .unwrap();
    assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
}

#[tokio::test]
async fn another_setting_or_algorithm_is_outdated() {
    let old = Passwords::cheap()
        .hash(secret("correct horse"))
        .await
        .unwrap();
    let current = Passwords::with(Params::new(16, 1, 1, None).unwrap());
    assert_eq!(
        current
            .verify(secret("correct horse"), Some(old.clone()))
            .await,
        Ok(Verified::RightButOutdated)
    );
    assert_eq!(
        current.verify(secret("correct house"), Some(old)).await,
        Ok(Verified::Wrong)
    );
    let other = Argon2::new(Algorithm::Argon2i, VERSION, CHEAP)
        .hash_password(b"correct horse")
        .unwrap();
    assert_eq!(
        Passwords::cheap()
            .verify(secret("correct horse"), Some(other.to_string()))
            .await,
        Ok(Verified::RightButOutdated)
    );
}

#[tokio::test]
async fn without_an_account_every_password_is_wrong() {
    for password in ["", "correct horse"] {
        assert_eq!(
            Passwords::cheap().verify(secret(password), None).await,
            Ok(Verified::Wrong)
        );
    }
}

/// The work without an account is that of a real one only if the stand-in parses and has its cost.
#[test]
fn the_stand_in_costs_what_a_real_hash_costs() {
    for params in [CHEAP, Params::DEFAULT] {
        let stand_in = hash_of_nobody(&params);
        let parsed = PasswordHash::new(&stand_in).unwrap();
        assert!(is_current(&params, &parsed));
        assert_eq!(parsed.salt.map(|salt| salt.len()), Some(16));
    }
    assert_ne!(hash_of_nobody(&CHEAP), hash_of_nobody(&CHEAP));
}

#[tokio::test]
async fn a_damaged_hash_is_not_a_wrong_password() {
    let passwords = Passwords::cheap();
    let phc = passwords.hash(secret("correct horse")).await.unwrap();
    let without_output = phc.rsplit_once('$').unwrap().0.to_owned();
    for damaged in [
        "",
        "correct horse",
        "$argon2id$v=19",
        "$scrypt$ln=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAA",
        &without_output,
    ] {
        assert_eq!(
            passwords
                .verify(secret("correct horse"), Some(damaged.to_owned()))
                .await,
            Err(PasswordError::Damaged),
            "{damaged:?}"
        );
    }
}

#[tokio::test]
async fn no_more_are_worked_on_than_there_are_permits() {
    let mut passwords = Passwords::cheap();
    passwords.permits = Arc::new(Semaphore::new(1));
    let held = Arc::clone(&passwords.permits)
        .acquire_owned()
        .await
        .unwrap();
    let mut waiting = Box::pin(passwords.hash(secret("correct horse")));
    assert!(look(&mut waiting).await.is_none());
    drop(held);
    assert!(waiting.await.is_ok());
    assert_eq!(passwords.permits.available_permits(), 1);
}

#[tokio::test]
async fn a_caller_that_hangs_up_frees_no_place_before_the_work_is_done() {
    let mut passwords = Passwords::cheap();
    passwords.permits = Arc::new(Semaphore::new(1));
    let (started, is_started) = tokio::sync::oneshot::channel();
    let (finish, may_finish) = std::sync::mpsc::channel::<()>();
    let caller = tokio::spawn({
        let passwords = passwords.clone();
        async move {
            let work = move |_: &Params| {
                let _ = started.send(());
                may_finish.recv().map_err(|_| PasswordError::Failed)
            };
            passwords.run(work).await
        }
    });
    is_started.await.unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    assert_eq!(passwords.permits.available_permits(), 0);
    finish.send(()).unwrap();
    assert!(passwords.permits.acquire().await.is_ok());
}

/// One look at a future: its value if it is there already.
async fn look<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Option<T> {
    tokio::select! {
        biased;
        value = future => Some(value),
        () = std::future::ready(()) => None,
    }
}

proptest! {
    #[test]
    fn any_text_as_a_stored_hash_is_damaged_or_wrong(text in "\\PC{0,80}") {
        prop_assert_ne!(verify(&CHEAP, &secret("correct horse"), &text), Ok(Verified::Right));
    }
}
