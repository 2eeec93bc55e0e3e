//! A job that kills its worker every time.

use super::scene::Scene;
use testkit::{Fault, Process};

#[tokio::test]
async fn it_is_given_up_and_stands_in_no_others_way() {
    let scene = Scene::new().await;
    let client = &scene.app.client;
    let poison = client
        .upload("poison.txt", "Every worker dies of this.")
        .await;
    let mut environment = scene.environment();
    environment.insert("WORKER_LEASE_SECONDS".to_owned(), "1".to_owned());
    let mut harmless = Vec::new();
    for death in 0..domain::job::MAX_ATTEMPTS {
        let poisonous = format!("/{}/", poison.id);
        scene.store.fail(move |passing| {
            let here = passing.method == "GET" && passing.path.contains(&poisonous);
            if here {
                Fault::HoldRequest
            } else {
                Fault::None
            }
        });
        let name = format!("harmless {death}.txt");
        harmless.push(client.upload(&name, "Nobody dies of this.").await.id);
        let mut worker = Process::start("worker", &environment);
        scene.store.held().await;
        worker.kill();
        scene.store.heal();
    }
    let mut survivor = Process::start("worker", &environment);
    let given_up = client.finished(poison.id).await;
    assert_eq!(given_up.status, "failed");
    assert!(given_up.failure.unwrap().contains("tried several times"));
    let begun = "SELECT attempts::bigint FROM jobs WHERE state = 'dead'";
    assert_eq!(
        scene.number(begun).await,
        i64::from(domain::job::MAX_ATTEMPTS)
    );
    for id in harmless {
        assert_eq!(client.finished(id).await.status, "ready");
    }
    assert_eq!(survivor.stop(), Some(0));
    scene.the_store_is_as_the_rows_say().await;
    scene.no_temporary_files();
}
