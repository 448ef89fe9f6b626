// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Contracts from what others keep theirs in: Iglu's self-describing schemas, a schema registry's
// subjects (as its REST interface or an export has them), Segment's tracking plans (both forms of
// their export), and plain JSON Schema. The schema is taken over as it is, with what a tracking
// plan asks of all events; what they do not know (owner, classes of personal data) is left to
// people, and what is not taken over is told.
//
// Thread contract: plain functions. Bound: Contract::file_bytes_max.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "connectors/base/result.h"

namespace weir {

/// A schema that contracts refer to, and that is no contract itself.
struct ImportedSchema {
    std::string file; // in the folder of contracts: "orders/common.json"
    std::string schema;
};

struct ImportedContract {
    std::string type; // of Iglu's "com.acme/checkout"
    std::int64_t version = 0;
    std::array<std::int64_t, 2> revision{}; // of Iglu's schemas: REVISION and ADDITION
    std::string origin;   // "iglu:com.acme/checkout/jsonschema/1-0-2", "subject orders-value"
    std::string contract; // JSON text of the file
    std::string remark;   // what was not taken over; may be empty
    std::vector<ImportedSchema> references; // where its $ref lead
};

struct Imported {
    std::vector<ImportedContract> contracts;
    std::vector<std::string> remarks; // on what of the file is in none of them
};

/// All contracts that the text holds, at least one. `name` is its file's, `owner` goes into each of
/// them. Errors: Config (nothing that is known), with what was looked for.
Result<Imported> import_contracts(const std::string& text, const std::string& name,
                                  const std::string& owner);

/// Of several revisions of one version (Iglu's 1-0-0 and 1-0-2, which read alike) the newest, with
/// a remark that names the others.
std::vector<ImportedContract> newest_of_each(std::vector<ImportedContract> all);

/// "TYPE/VERSION.json", another one for each type: what a file name may not hold is written as its
/// bytes ("Order=20Completed/1.json"), a long name as several folders.
std::string contract_file_name(const std::string& type, std::int64_t version);

} // namespace weir
