//! A start while the log cannot be read.

use super::{ON, PAUSED, database::Database, delay, node::Settings, process::Node};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_without_its_log_follows_the_code_and_the_environment_and_is_not_ready() {
    let database = Database::unreadable();
    let settings = database.soon(&delay());
    let off = Settings {
        off: "banner, delay".to_owned(),
        ..settings.clone()
    };
    let careful = Settings {
        starts_paused: true,
        ..settings.clone()
    };
    for (settings, text) in [(settings, ON), (off, PAUSED), (careful, PAUSED)] {
        let node = Node::start(settings);
        assert!(!node.is_ready().await);
        assert_eq!(node.track("delay", "alice").await.text, text);
    }
}
