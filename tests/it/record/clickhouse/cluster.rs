//! The statements for a cluster, as a server gets them. No cluster runs them here.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use tower_tracks::store::{ClickHouse, ErasedRow, Store, Timestamp};

use crate::record::facts::unit;

use super::facts::met;

/// A request: its path with the settings, and its statement.
type Asked = (String, String);

/// Answers all requests in turn, and keeps them.
fn server() -> (String, Arc<Mutex<Vec<Asked>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming() {
            serve(stream.unwrap(), &kept);
        }
    });
    (url, asked)
}

fn serve(mut stream: TcpStream, kept: &Mutex<Vec<Asked>>) {
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    let head = loop {
        let read = stream.read(&mut part).unwrap();
        assert_ne!(read, 0, "the client has gone");
        bytes.extend_from_slice(&part[..read]);
        if let Some(end) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break bytes.drain(..end + 4).collect::<Vec<u8>>();
        }
    };
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.parse::<usize>().unwrap())
    });
    while bytes.len() < length.unwrap() {
        let read = stream.read(&mut part).unwrap();
        assert_ne!(read, 0, "the client has gone");
        bytes.extend_from_slice(&part[..read]);
    }
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let statement = match path.contains("query=INSERT") {
        true => String::new(),
        false => String::from_utf8(bytes).unwrap(),
    };
    let answer = answer(&statement);
    kept.lock().unwrap().push((path, statement));
    let head = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}",
        answer.len()
    );
    stream
        .write_all(&[head.as_bytes(), b"\r\n\r\n", &answer].concat())
        .unwrap();
}

/// Returns one row where a store needs one: of a store with an erased exposure, and a conversion that is too old.
fn answer(statement: &str) -> Vec<u8> {
    let number = |number: u64| [&[1][..], &number.to_le_bytes()].concat();
    let Some(select) = statement.strip_prefix("SELECT toUInt8(1), ") else {
        return Vec::new();
    };
    let identity = [1, 1, b'x'];
    match select {
        _ if select.contains("groupBitXor") => [&identity[..], &[0; 16]].concat(),
        _ if select.starts_with("if(") => identity.to_vec(),
        _ if select.starts_with("goal_id, unit, idem FROM \"tracks\"") => {
            [&number(7)[..], &[5; 32]].concat()
        }
        _ if select.starts_with("phase_id, unit, track_id FROM (SELECT") => {
            [&number(8)[..], &[6; 16], &9_u64.to_le_bytes()].concat()
        }
        _ if select.starts_with("count()") || select.starts_with("toUInt64(") => number(0),
        _ => Vec::new(),
    }
}

#[test]
fn rows_are_distributed_and_deletions_name_them() {
    let (url, asked) = server();
    let store = ClickHouse::builder(&url).unwrap().on_cluster("main");
    let store = store.connect().unwrap();
    store.write(&met(0..10, 0)).unwrap();
    store
        .erase(ErasedRow::new(unit(1), Timestamp::MAX))
        .unwrap();
    assert_eq!(store.retain(Timestamp::MAX, &[]).unwrap(), 1);
    assert_eq!(store.bytes().unwrap(), Some(0));
    let asked = asked.lock().unwrap();
    let with = |part: &str| -> Vec<&str> {
        let statements = asked.iter().map(|(_, statement)| &**statement);
        statements.filter(|text| text.contains(part)).collect()
    };
    assert_eq!(
        with("CREATE DATABASE"),
        [r#"CREATE DATABASE IF NOT EXISTS "tracks" ON CLUSTER "main""#]
    );
    let tables = with("CREATE TABLE");
    assert!(
        tables.len() == 36
            && tables
                .iter()
                .all(|text| text.contains(r#"ON CLUSTER "main""#))
    );
    // With its values, so that all replicas delete the same rows.
    let unit = "toFixedString(unhex('05050505050505050505050505050505'), 16)";
    let delete = format!(
        r#"DELETE FROM "tracks".conversion_local ON CLUSTER "main" WHERE (goal_id, unit, idem) IN ((toInt64(7), {unit}, {unit}))"#
    );
    let erase = concat!(
        r#"DELETE FROM "tracks".exposure_local ON CLUSTER "main" WHERE (phase_id, unit, track_id) IN "#,
        "((toInt64(8), toFixedString(unhex('06060606060606060606060606060606'), 16), toInt64(9)))"
    );
    assert_eq!(with("DELETE"), [erase, &delete]);
    assert_eq!(with("system.parts").len(), 1);
    assert!(with("system.parts")[0].contains("cluster('main', system.parts)"));
    let inserts = asked
        .iter()
        .filter(|(path, _)| path.contains("query=INSERT"));
    let inserts: Vec<_> = inserts.map(|(path, _)| path).collect();
    for table in [".exposure%20", ".erased%20"] {
        assert!(
            inserts.iter().any(|path| path.contains(table)),
            "{inserts:?}"
        );
    }
    for setting in [
        "distributed_foreground_insert=1",
        "distributed_product_mode=global",
        "insert_quorum=auto",
        "select_sequential_consistency=1",
        "skip_unavailable_shards=0",
    ] {
        assert!(
            asked.iter().all(|(path, _)| path.contains(setting)),
            "{setting}"
        );
    }
    assert!(
        inserts
            .iter()
            .all(|path| path.contains("insert_deduplication_token="))
    );
}
