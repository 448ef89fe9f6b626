// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The contracts of a folder, by type and version. A file with a member "weir_contract" is a
// contract, any other *.json a schema that contracts may refer to. A broken file is a problem that
// is told; the rest works, and what could be read of it before stays in force.
//
// Thread contract: a ContractSet is immutable and shared; a ContractFolder has one owner.
// Bound: schema::Library::Limits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"
#include "models/contract/contract.h"

namespace weir {

class ContractSet {
  public:
    /// All of a folder and what lies below it. Of files and folders that cannot be read now the
    /// contracts that `last` has stay, unless others took their place. Errors: NotFound,
    /// NotPermitted, Io (the folder).
    static Result<std::shared_ptr<const ContractSet>> load(const std::string& folder,
                                                           const ContractSet* last = nullptr);
    /// The demo shop's, built into the program.
    static std::shared_ptr<const ContractSet> built_in();

    /// By type, then version.
    const std::vector<std::shared_ptr<const Contract>>& contracts() const { return m_contracts; }
    /// Null: there is none.
    const Contract* find(std::string_view type, std::int64_t version) const;
    const Contract* latest(std::string_view type) const;
    /// Of a vendor's events, which no contract of native ones judges: of type "VENDOR/NAME", or
    /// else of NAME. `vendor` may be empty.
    const Contract* latest_foreign(std::string_view vendor, std::string_view name) const;
    std::vector<std::int64_t> versions(std::string_view type) const;
    std::vector<std::string> types() const;
    /// What could not be read; `where` names file, line and pointer.
    const std::vector<Error>& problems() const { return m_problems; }

  private:
    void add(std::shared_ptr<const Contract> contract);
    void tell(const std::filesystem::path& unread, Error problem);
    void keep(const ContractSet& last);
    void finish();
    void read_all(const std::shared_ptr<schema::Library>& library,
                  const std::vector<const schema::Document*>& documents);
    std::vector<std::shared_ptr<const Contract>> m_contracts;
    std::map<std::string, std::map<std::int64_t, const Contract*>, std::less<>> m_by_type;
    std::vector<Error> m_problems;
    std::vector<std::filesystem::path> m_unread; // of each problem its file or folder
};

/// A folder that is looked at again: from a timer, or before each batch.
class ContractFolder {
  public:
    explicit ContractFolder(std::string folder);
    /// Reads the folder if a file came, went or changed since the last time. A contract that is
    /// broken now stays in force as it was, and is a problem of the set; a folder that has gone
    /// leaves the last set in force and is the error.
    Result<void> refresh();
    /// Of the last refresh() that succeeded; null before.
    const std::shared_ptr<const ContractSet>& current() const { return m_current; }

  private:
    std::string m_folder;
    std::string m_fingerprint;
    std::shared_ptr<const ContractSet> m_current;
};

} // namespace weir
