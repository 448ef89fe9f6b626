// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/sandbox/sandbox.h"

#include <algorithm>

#include "connectors/base/names_text.h"
#include "connectors/warehouse/sandbox/marker.h"
#include "connectors/warehouse/sandbox/writable.h"

namespace weir::warehouse {

namespace {

constexpr std::size_t tables_max = 100'000;

Error refused(const std::string& what, const std::string& connection, const std::string& advice) {
    return {ErrorCode::Refused, what, connection, "asking leave to write", advice};
}

Result<void> check_unobserved(const ObservedIds& observed, const std::vector<std::string>& ids,
                              const std::string& connection) {
    if (auto complete = observed.check_recordable(); !complete)
        return complete;
    for (const std::string& id : ids) {
        auto known = observed.find(id);
        if (!known)
            return known.error();
        if (known->id.empty())
            continue;
        const bool staging = known->environment == Environment::Staging;
        return refused("database " + id + " has been observed as " +
                           (staging ? "staging" : "production") + " (connection \"" +
                           known->connection + "\")",
                       connection,
                       "Weir never writes to such a database, whatever a connection "
                       "says.");
    }
    return {};
}

Result<void> check_environment(const ConnectionOptions& connection) {
    if (connection.environment == Environment::Sandbox)
        return {};
    return refused("this connection is not a sandbox", connection.name,
                   "Weir writes only where the connection's environment is sandbox.");
}

/// A sandbox connection to a database that answers and was never seen as anything else.
struct Candidate {
    const Kind* kind = nullptr;
    std::unique_ptr<Session> session;
    std::vector<std::string> ids;
};

/// The database at the other end of this session, if it may be written to by its identity.
Result<std::vector<std::string>> identify(Session& session, const std::string& connection,
                                          const ObservedIds& observed, const Patience& patience) {
    auto identity = session.identity(patience);
    if (!identity)
        return identity.error();
    if (!identity->certain)
        return refused("the server does not tell which database this is", connection,
                       "Weir needs pg_control_system(), which PostgreSQL has had since 9.6.");
    if (auto unseen = check_unobserved(observed, identity->ids, connection); !unseen)
        return unseen.error();
    return std::move(identity->ids);
}

Result<Candidate> examine(const ConnectionOptions& connection, const SecretResolver& secrets,
                          const Patience& patience, const ObservedIds& observed) {
    if (auto sandbox = check_environment(connection); !sandbox)
        return sandbox.error();
    const auto kind = kind_of(connection.address);
    auto checked = kind ? (*kind)->check(connection.address) : Result<void>(kind.error());
    if (!checked)
        return checked.error();
    auto session = (*kind)->observe(connection, secrets, patience);
    if (!session)
        return session.error();
    auto ids = identify(**session, connection.name, observed, patience);
    if (!ids)
        return ids.error();
    return Candidate{*kind, std::move(*session), std::move(*ids)};
}

/// Tables and views that are neither the system's own, nor the marker, nor given up by name.
Result<std::vector<std::string>> foreign_tables(Candidate& candidate,
                                                const std::vector<std::string>& allowed,
                                                const Patience& patience) {
    const auto rows =
        ask(*candidate.session, {candidate.kind->tables_sql(), {}, 0, "listing tables"}, tables_max,
            patience);
    if (!rows)
        return rows.error();
    const TableName marker = candidate.kind->marker_table();
    std::vector<std::string> foreign;
    for (std::size_t i = 0; i < rows->rows(); ++i) {
        const TableName table{std::string(rows->at(i, 0).text), std::string(rows->at(i, 1).text)};
        const bool in_usual_schema = table.schema == marker.schema;
        const auto named = [&](const std::string& name) {
            return name == table.text() || (in_usual_schema && name == table.table);
        };
        if (table.text() != marker.text() && std::none_of(allowed.begin(), allowed.end(), named))
            foreign.push_back(in_usual_schema ? table.table : table.text());
    }
    return foreign;
}

} // namespace

DatabaseTicket::DatabaseTicket(ConnectionOptions connection, SecretResolver secrets,
                               std::vector<std::string> ids, ObservedIds observed)
    : m_connection(std::move(connection))
    , m_secrets(std::move(secrets))
    , m_ids(std::move(ids))
    , m_observed(std::move(observed)) {}

Result<void> DatabaseTicket::recheck() const {
    return check_unobserved(m_observed, m_ids, m_connection.name);
}

/// The one place where tickets are made, and where leave to write is given.
class SandboxGate {
  public:
    static DatabaseTicket ticket(const ConnectionOptions& connection, const SecretResolver& secrets,
                                 std::vector<std::string> ids, const ObservedIds& observed) {
        return {connection, secrets, std::move(ids), observed};
    }

    /// A session to the ticket's database and no other; it may write once it is settled.
    static Result<std::unique_ptr<WriteSession>> open(const DatabaseTicket& ticket,
                                                      const Patience& patience) {
        const std::string& name = ticket.connection().name;
        if (auto still = ticket.recheck(); !still)
            return still.error();
        const auto kind = kind_of(ticket.connection().address);
        if (!kind)
            return kind.error();
        auto session =
            (*kind)->write(ticket.connection(), ticket.secrets(), patience, LeaveToWrite());
        if (!session)
            return session;
        const auto ids = identify((*session)->session(), name, ticket.m_observed, patience);
        if (!ids)
            return ids.error();
        if (ids->front() != ticket.database_id())
            return refused("another database answers: " + ids->front() + ", not " +
                               ticket.database_id(),
                           name, "Prove it anew if it is a sandbox.");
        return session;
    }

    static Result<void> make(const Kind& kind, const ConnectionOptions& connection,
                             const ObservedIds& observed) {
        auto unseen = check_unobserved(observed, kind.ids_of_address(connection), connection.name);
        return unseen ? kind.make(connection, LeaveToWrite()) : unseen;
    }
};

Result<std::unique_ptr<WriteSession>> open_write_session(const DatabaseTicket& ticket,
                                                         const Patience& patience) {
    auto session = SandboxGate::open(ticket, patience);
    if (!session)
        return session;
    const auto kind = kind_of(ticket.connection().address);
    const auto named = read_marker((*session)->session(), **kind, patience);
    if (!named)
        return named.error();
    if (*named != ticket.database_id())
        return refused("this database is not marked as a sandbox any more",
                       ticket.connection().name, {});
    if (auto settled = (*session)->settle(patience); !settled)
        return settled.error();
    return session;
}

Result<DatabaseTicket> prove_sandbox_database(const ConnectionOptions& connection,
                                              const SecretResolver& secrets,
                                              std::chrono::milliseconds timeout,
                                              const ObservedIds& observed) {
    const Patience patience = Patience::of(timeout);
    auto candidate = examine(connection, secrets, patience, observed);
    if (!candidate)
        return candidate.error();
    const auto named = read_marker(*candidate->session, *candidate->kind, patience);
    if (!named)
        return named.error();
    if (named->empty())
        return refused("this database is not marked as a sandbox", connection.name,
                       "If it is one, mark it: weir sandbox --init --warehouse " +
                           connection.address);
    if (*named != candidate->ids.front())
        return refused("the sandbox's marker is another database's (" + *named +
                           "), copied here; this is " + candidate->ids.front(),
                       connection.name,
                       "If this is a sandbox too, drop table " +
                           candidate->kind->marker_table().text() + " and mark it anew.");
    return SandboxGate::ticket(connection, secrets, std::move(candidate->ids), observed);
}

Result<void> init_sandbox_database(const ConnectionOptions& connection,
                                   const SecretResolver& secrets,
                                   const std::vector<std::string>& allowed_tables,
                                   std::chrono::milliseconds timeout, const ObservedIds& observed) {
    const Patience patience = Patience::of(timeout);
    auto candidate = examine(connection, secrets, patience, observed);
    if (!candidate && candidate.error().code == ErrorCode::NotFound) {
        const auto kind = kind_of(connection.address);
        const auto made = SandboxGate::make(**kind, connection, observed);
        if (!made)
            return made.error().code == ErrorCode::Unsupported ? candidate.error() : made.error();
        candidate = examine(connection, secrets, patience, observed);
    }
    if (!candidate)
        return candidate.error();
    const auto named = read_marker(*candidate->session, *candidate->kind, patience);
    if (!named)
        return named.error();
    if (*named == candidate->ids.front())
        return {};
    const auto foreign = foreign_tables(*candidate, allowed_tables, patience);
    if (!foreign)
        return foreign.error();
    if (!foreign->empty())
        return refused("this database holds tables that Weir did not make: " + names_text(*foreign),
                       connection.name,
                       "Is it really a sandbox? Then name each of them as one that may be "
                       "written to.");
    const std::string id = candidate->ids.front();
    const Kind& kind = *candidate->kind;
    const DatabaseTicket ticket =
        SandboxGate::ticket(connection, secrets, std::move(candidate->ids), observed);
    candidate->session.reset(); // nobody else holds the file while it is written
    auto session = SandboxGate::open(ticket, patience);
    auto settled = session ? (*session)->settle(patience) : Result<void>(session.error());
    if (!settled)
        return settled;
    return write_marker(**session, kind, id, patience);
}

} // namespace weir::warehouse
