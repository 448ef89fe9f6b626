// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// libpq's C objects with owners, and PostgreSQL's errors as Weir's.
// Thread contract: one thread at a time.
#pragma once

#include <libpq-fe.h>
#include <memory>
#include <string>

#include "connectors/warehouse/kind/kind.h"

namespace weir::warehouse {

struct FreePg {
    void operator()(PGconn* connection) const { PQfinish(connection); }
    void operator()(PGresult* result) const { PQclear(result); }
    void operator()(char* buffer) const { PQfreemem(buffer); }
};
using PgHandle = std::unique_ptr<PGconn, FreePg>;
using PgResult = std::unique_ptr<PGresult, FreePg>;

/// Of a result whose status is an error. `prefix_bytes`: see Statement.
Error pg_error(const PGresult* result, const std::string& connection, const char* doing,
               const Patience& patience, std::string_view sql = {}, std::size_t prefix_bytes = 0);

/// Of a connection that was not made or broke. What libpq says may be in the server's language;
/// its code is not. `secret` is taken out of it.
Error pg_connection_error(PGconn* handle, const std::string& connection, const char* doing,
                          const std::string& secret);

/// Late, or cancelled.
Error pg_ended(const std::string& connection, const char* doing, const Patience& patience);

/// Appends a row in COPY's text format.
void append_copy_row(std::span<const Value> row, std::string& out);

/// The kind that values of this type have.
ValueKind pg_kind(Oid type);
/// The type's name, where it is one of the usual ones.
const char* pg_type_name(Oid type);
/// A value of a result in text format; `scratch` holds what is not there as it is.
Value pg_value(std::string_view text, ValueKind kind, std::string& scratch);

} // namespace weir::warehouse
