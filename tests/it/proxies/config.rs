//! The guide's configurations, in ones that need no rights and no ports of their own.

use std::{net::SocketAddr, path::Path};

/// Where a server is, and what is behind it.
pub(super) struct Place<'a> {
    pub(super) directory: &'a Path,
    pub(super) shop: SocketAddr,
    pub(super) address: SocketAddr,
    /// Another free address, for a server that has two.
    pub(super) inner: SocketAddr,
}

impl Place<'_> {
    fn directory(&self) -> &str {
        self.directory.to_str().unwrap()
    }

    /// Replaces what the guide has for a machine, all of which must be there.
    fn fill(&self, guide: &str, replaced: &[(&str, String)]) -> String {
        let shop = ("127.0.0.1:3000", self.shop.to_string());
        let all = replaced.iter().chain([&shop]);
        all.fold(guide.to_owned(), |guide, (from, to)| {
            assert!(guide.contains(from), "{from:?} is not in {guide}");
            guide.replace(from, to)
        })
    }
}

pub(super) fn nginx(guide: &str, place: &Place<'_>) -> String {
    let (directory, address) = (place.directory(), place.address);
    let replaced = [
        ("/var/log/nginx", directory.to_owned()),
        ("listen 80;", format!("listen {address};")),
    ];
    let guide = place.fill(guide, &replaced);
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {directory}/temporary_{name};\n"))
        .concat();
    format!(
        "daemon off;\npid {directory}/pid;\nerror_log {directory}/error.log;\nevents {{}}\n\
         http {{\n{temporary}{guide}\n}}\n"
    )
}

pub(super) fn haproxy(guide: &str, place: &Place<'_>) -> String {
    let replaced = [
        (
            "log 127.0.0.1:514 len 8192",
            "log stdout len 8192 format raw".to_owned(),
        ),
        ("bind :80", format!("bind {}", place.address)),
    ];
    place.fill(guide, &replaced) + "\n"
}

pub(super) fn apache(guide: &str, place: &Place<'_>) -> String {
    let (directory, address) = (place.directory(), place.address);
    let replaced = [
        ("/var/log/apache2", directory.to_owned()),
        ("<VirtualHost *:80>", format!("<VirtualHost {address}>")),
    ];
    let guide = place.fill(guide, &replaced);
    // Where Debian has them.
    let modules: String = ["mpm_event", "authz_core", "proxy", "proxy_http", "headers"]
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
        .concat();
    format!(
        "{modules}ServerRoot {directory}\nDefaultRuntimeDir {directory}\nPidFile {directory}/pid\n\
         ErrorLog {directory}/error.log\nServerName localhost\nUser www-data\nGroup www-data\n\
         Mutex pthread\nListen {address}\n{guide}\n"
    )
}

pub(super) fn caddy(guide: &str, place: &Place<'_>) -> String {
    let (address, inner) = (place.address, place.inner);
    let replaced = [
        ("/var/log/caddy", place.directory().to_owned()),
        (
            "http://:80 {",
            format!("http://:{} {{\n\tbind {}", address.port(), address.ip()),
        ),
        ("http://:2080", format!("http://:{}", inner.port())),
        ("127.0.0.1:2080", inner.to_string()),
    ];
    let guide = place.fill(guide, &replaced);
    format!("{{\n\tadmin off\n\tauto_https off\n}}\n{guide}\n")
}
