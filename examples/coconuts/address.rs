//! The file with the address of the open shop, by which the example `traffic` finds it on any port.

use std::{fs, path::PathBuf};

use super::database;

/// The file, which is removed when this is dropped.
pub(super) struct AddressFile {
    path: PathBuf,
    address: String,
}

impl AddressFile {
    /// Writes the file. If several instances of the shop use one database, it has the address of the last
    /// one.
    pub(super) fn write(address: &str) -> Result<Self, String> {
        let (path, address) = (database::address_path(), address.to_owned());
        fs::write(&path, &address).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { path, address })
    }
}

impl Drop for AddressFile {
    fn drop(&mut self) {
        // The file may be that of an instance that opened later.
        let is_own = fs::read_to_string(&self.path).is_ok_and(|found| found == self.address);
        if is_own {
            // If it stays, the example `traffic` reports that no shop is open there.
            let _ = fs::remove_file(&self.path);
        }
    }
}
