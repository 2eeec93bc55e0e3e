//! The limiter on a real Redis.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use futures::future::join_all;
use limiter::{Decision, Error, Limiter, Rule};
use redis::{AsyncCommands, Client, aio::MultiplexedConnection};
use std::time::{Duration, Instant};
use supervisor::{Purpose, Redis, until};
use tokio::net::TcpListener;
use uuid::Uuid;

const HOUR: Duration = Duration::from_secs(3600);
const PATIENCE: Duration = Duration::from_secs(60);
const SUBJECT: &str = "reader@example.org";
/// The first half of what `sha256sum` says of it.
const SUBJECT_HASH: &str = "32a9c5afd14518dde375f5d361400d2f";

/// One comes back each hour: none does while a test runs.
const fn hourly(name: &'static str, burst: u32) -> Rule {
    Rule {
        name,
        burst,
        per: Duration::from_secs(3600 * burst as u64),
    }
}

fn url() -> String {
    std::env::var("REDIS_URL").expect("REDIS_URL is not set: run the tests with `make test`")
}

/// A test's own corner of Redis.
struct Corner {
    limiter: Limiter,
    redis: MultiplexedConnection,
    prefix: String,
}

impl Corner {
    async fn new() -> Self {
        let prefix = format!("test-{}", Uuid::new_v4().simple());
        let client = Client::open(url()).unwrap();
        Self {
            limiter: Limiter::connect_lazily(&url(), &prefix).unwrap(),
            redis: client.get_multiplexed_async_connection().await.unwrap(),
            prefix,
        }
    }

    async fn check(&self, rules: &[(Rule, &str)]) -> Decision {
        self.limiter.check(rules).await.unwrap()
    }

    /// How often it is allowed until it no longer is.
    async fn left(&self, rule: Rule, subject: &str) -> u32 {
        let mut left = 0;
        while self.check(&[(rule, subject)]).await == Decision::Allowed {
            left += 1;
            assert!(left < 1000, "there is no limit");
        }
        left
    }

    async fn keys(&mut self) -> Vec<String> {
        self.redis.keys(format!("{}*", self.prefix)).await.unwrap()
    }
}

fn retry_after(decision: Decision) -> Duration {
    match decision {
        Decision::Limited { retry_after } => retry_after,
        Decision::Allowed => panic!("it is allowed"),
    }
}

#[tokio::test]
async fn after_the_burst_it_is_refused_until_one_is_back() {
    let corner = Corner::new().await;
    let (rule, began) = (hourly("login", 3), Instant::now());
    for _ in 0..3 {
        assert_eq!(corner.check(&[(rule, SUBJECT)]).await, Decision::Allowed);
    }
    // Being refused costs nothing: the time does not grow.
    for _ in 0..3 {
        let wait = retry_after(corner.check(&[(rule, SUBJECT)]).await);
        let earliest = HOUR - began.elapsed() - Duration::from_secs(1);
        assert!(wait > earliest && wait <= HOUR, "{wait:?}");
    }
}

#[tokio::test]
async fn subjects_and_rules_count_apart() {
    let corner = Corner::new().await;
    let (login, reset) = (hourly("login", 2), hourly("reset", 4));
    assert_eq!(corner.left(login, SUBJECT).await, 2);
    assert_eq!(corner.left(login, "another@example.org").await, 2);
    assert_eq!(corner.left(login, "").await, 2);
    assert_eq!(corner.left(reset, SUBJECT).await, 4);
    let none = Rule {
        burst: 0,
        ..hourly("none", 1)
    };
    assert_eq!(corner.left(none, SUBJECT).await, 1);
    assert_eq!(corner.check(&[]).await, Decision::Allowed);
}

#[tokio::test]
async fn vaults_that_share_a_redis_count_apart() {
    let (one, other) = (Corner::new().await, Corner::new().await);
    let rule = hourly("login", 2);
    assert_eq!(one.left(rule, SUBJECT).await, 2);
    assert_eq!(other.left(rule, SUBJECT).await, 2);
}

#[tokio::test]
async fn what_was_used_comes_back_one_by_one() {
    let mut corner = Corner::new().await;
    let rule = hourly("login", 5);
    assert_eq!(corner.left(rule, SUBJECT).await, 5);
    let key = corner.keys().await.remove(0);
    // Instead of waiting, the moment that the key holds is moved.
    for (hours, back) in [(1, 1), (3, 3), (0, 0), (100, 5)] {
        let microseconds = i64::try_from((HOUR * hours).as_micros()).unwrap();
        let _: i64 = corner.redis.decr(&key, microseconds).await.unwrap();
        assert_eq!(corner.left(rule, SUBJECT).await, back, "after {hours} h");
    }
}

#[tokio::test]
async fn after_the_time_that_it_named_it_is_allowed() {
    let corner = Corner::new().await;
    let rule = Rule {
        name: "login",
        burst: 1,
        per: Duration::from_millis(400),
    };
    // Should the machine be so slow that the first is back already, the next is refused.
    let (asked, wait) = until("A refusal", PATIENCE, async || {
        let asked = Instant::now();
        Ok(match corner.check(&[(rule, SUBJECT)]).await {
            Decision::Limited { retry_after } => Some((asked, retry_after)),
            Decision::Allowed => None,
        })
    })
    .await
    .unwrap();
    assert!(wait <= rule.per, "{wait:?}");
    until("The next one", PATIENCE, async || {
        Ok((corner.check(&[(rule, SUBJECT)]).await == Decision::Allowed).then_some(()))
    })
    .await
    .unwrap();
    // Redis has another clock than this test: a little may lie between them.
    assert!(asked.elapsed() + Duration::from_millis(20) >= wait);
}

#[tokio::test]
async fn a_thousand_at_once_get_exactly_the_burst() {
    let corner = Corner::new().await;
    let servers = [(); 4].map(|()| Limiter::connect_lazily(&url(), &corner.prefix).unwrap());
    let rule = hourly("login", 100);
    let checks = (0..1000).map(|n| {
        let limiter = servers[n % servers.len()].clone();
        tokio::spawn(async move { limiter.check(&[(rule, SUBJECT)]).await.unwrap() })
    });
    let decisions = join_all(checks).await;
    let allowed = decisions
        .into_iter()
        .filter(|decision| *decision.as_ref().unwrap() == Decision::Allowed);
    assert_eq!(allowed.count(), 100);
}

#[tokio::test]
async fn several_rules_take_from_all_or_from_none() {
    let corner = Corner::new().await;
    let (wide, narrow) = (hourly("address", 5), hourly("account", 1));
    let both = [(wide, "192.0.2.1"), (narrow, SUBJECT)];
    assert_eq!(corner.check(&both).await, Decision::Allowed);
    let turned = [both[1], both[0]];
    for _ in 0..10 {
        assert!(retry_after(corner.check(&both).await) <= HOUR);
        assert!(retry_after(corner.check(&turned).await) <= HOUR);
    }
    assert_eq!(corner.left(wide, "192.0.2.1").await, 4);
}

#[tokio::test]
async fn of_several_refusals_the_longest_counts() {
    let corner = Corner::new().await;
    let (short, long) = (
        hourly("short", 1),
        Rule {
            per: HOUR * 24,
            ..hourly("long", 1)
        },
    );
    let both = [(long, SUBJECT), (short, SUBJECT)];
    assert_eq!(corner.check(&both).await, Decision::Allowed);
    assert!(retry_after(corner.check(&both).await) > HOUR * 23);
}

#[tokio::test]
async fn a_limit_that_is_named_twice_is_taken_from_twice() {
    let corner = Corner::new().await;
    let rule = hourly("login", 3);
    let twice = [(rule, SUBJECT); 2];
    assert_eq!(corner.check(&twice).await, Decision::Allowed);
    retry_after(corner.check(&twice).await);
    assert_eq!(corner.left(rule, SUBJECT).await, 1);
}

#[tokio::test]
async fn a_reset_forgives_one_subject_of_one_rule() {
    let corner = Corner::new().await;
    let (account, address) = (hourly("account", 2), hourly("address", 2));
    for rule in [account, address] {
        assert_eq!(corner.left(rule, SUBJECT).await, 2);
    }
    assert_eq!(corner.left(account, "another@example.org").await, 2);
    corner.limiter.reset(account, SUBJECT).await.unwrap();
    assert_eq!(corner.left(account, SUBJECT).await, 2);
    assert_eq!(corner.left(address, SUBJECT).await, 0);
    assert_eq!(corner.left(account, "another@example.org").await, 0);
}

#[tokio::test]
async fn keys_name_nobody_and_vanish() {
    let mut corner = Corner::new().await;
    let rule = hourly("login", 10);
    for seen in 1..=2 {
        assert_eq!(corner.check(&[(rule, SUBJECT)]).await, Decision::Allowed);
        let [key] = corner.keys().await.try_into().unwrap();
        assert_eq!(key, format!("{}:limit:login:{SUBJECT_HASH}", corner.prefix));
        // The key lives until all that was used is back, and no longer.
        let life: u64 = corner.redis.pttl(&key).await.unwrap();
        let (life, full) = (Duration::from_millis(life), HOUR * seen);
        assert!(life <= full && life > full - PATIENCE, "{life:?}");
    }
}

#[tokio::test]
async fn a_redis_that_is_away_is_unavailable_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut redis = Redis::start(folder.path(), Purpose::Throwaway)
        .await
        .unwrap();
    let limiter = Limiter::connect_lazily(&redis.url(), "away").unwrap();
    let rule = hourly("login", 2);
    let check = async || limiter.check(&[(rule, SUBJECT)]).await;
    assert_eq!(check().await.unwrap(), Decision::Allowed);

    redis.stop().await.unwrap();
    for _ in 0..3 {
        let began = Instant::now();
        assert!(matches!(check().await, Err(Error::Unavailable(_))));
        let answer = limiter.reset(rule, SUBJECT).await;
        assert!(matches!(answer, Err(Error::Unavailable(_))));
        assert!(began.elapsed() < Duration::from_secs(5));
    }

    // It has forgotten the script, but not what was counted.
    redis.start_again().await.unwrap();
    until("The limiter", PATIENCE, async || Ok(check().await.ok()))
        .await
        .unwrap();
    let wait = retry_after(check().await.unwrap());
    assert!(wait <= HOUR, "{wait:?}");
    redis.stop().await.unwrap();
}

#[tokio::test]
async fn a_redis_that_says_nothing_is_unavailable() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("redis://{}", silent.local_addr().unwrap());
    let limiter = Limiter::connect_lazily(&url, "silent").unwrap();
    let began = Instant::now();
    let answer = limiter.check(&[(hourly("login", 1), SUBJECT)]).await;
    assert!(matches!(answer, Err(Error::Unavailable(_))));
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn what_is_no_redis_url_is_refused() {
    let answer = Limiter::connect_lazily("http://:hidden-word@127.0.0.1/", "x");
    let error = answer.err().unwrap();
    assert!(matches!(error, Error::Url(_)));
    assert!(!format!("{error:?}").contains("hidden-word"));
}
