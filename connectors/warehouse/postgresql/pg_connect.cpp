// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <poll.h>

#include "connectors/warehouse/postgresql/pg_session.h"

namespace weir::warehouse {

namespace {

constexpr const char* doing = "connecting";

/// What libpq is told, by its own names.
using Settings = std::map<std::string, std::string>;

Settings settings_of(const Url& url) {
    // Not the user's to change: what arrives is UTF-8, and a dead server is noticed.
    Settings settings = {{"application_name", "weir"},
                         {"keepalives_idle", "30"},
                         {"keepalives_interval", "10"},
                         {"keepalives_count", "3"},
                         {"tcp_user_timeout", "30000"}};
    for (const auto& [name, value] : url.parameters)
        settings[name] = value;
    settings["client_encoding"] = "UTF8";
    std::string hosts;
    std::string ports;
    for (const Url::Host& host : url.hosts) {
        hosts += (hosts.empty() ? "" : ",") + host.name;
        ports += (&host == url.hosts.data() ? "" : ",") +
                 (host.port == 0 ? std::string() : std::to_string(host.port));
    }
    if (!hosts.empty())
        settings["host"] = hosts;
    if (ports.find_first_not_of(',') != std::string::npos)
        settings["port"] = ports;
    if (!url.user.empty())
        settings["user"] = url.user;
    if (!url.database.empty())
        settings["dbname"] = url.database;
    return settings;
}

Result<void> add_secret(const SecretRef& reference, const SecretResolver& secrets, const char* name,
                        const std::string& connection, Settings& settings) {
    if (reference.empty())
        return {};
    if (!secrets)
        return Error{
            ErrorCode::Config, "nobody is there to look up the password", connection, doing, {}};
    auto secret = secrets(reference);
    if (!secret)
        return secret.error();
    settings[name] = std::move(*secret);
    return {};
}

void discard_notice(void*, const char*) {}

} // namespace

Result<std::unique_ptr<PgSession>> PgSession::open(const ConnectionOptions& options, const Url& url,
                                                   const SecretResolver& secrets,
                                                   const Patience& patience) {
    Settings settings = settings_of(url);
    if (auto added = add_secret(options.password, secrets, "password", options.name, settings);
        !added)
        return added.error();
    if (auto added =
            add_secret(options.key_password, secrets, "sslpassword", options.name, settings);
        !added)
        return added.error();
    std::vector<const char*> names;
    std::vector<const char*> values;
    for (const auto& [name, value] : settings) {
        names.push_back(name.c_str());
        values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    PgHandle handle(PQconnectStartParams(names.data(), values.data(), 0));
    if (!handle)
        return Error{ErrorCode::Internal, "libpq made no connection", options.name, doing, {}};
    std::unique_ptr<PgSession> session(
        new PgSession(std::move(handle), options.name, settings["password"]));
    session->m_address = to_text(url);
    if (auto connected = session->finish_connecting(patience); !connected)
        return connected.error();
    return session;
}

Result<void> PgSession::finish_connecting(const Patience& patience) {
    PGconn* const handle = m_handle.get();
    PQsetErrorVerbosity(handle, PQERRORS_VERBOSE); // the error's code, in no language
    PQsetNoticeProcessor(handle, discard_notice, nullptr);
    PostgresPollingStatusType next =
        PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (next != PGRES_POLLING_OK) {
        if (next == PGRES_POLLING_FAILED)
            return broken(doing);
        const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (auto ready = wait(events, doing, patience); !ready) {
            m_usable = false;
            return ready;
        }
        next = PQconnectPoll(handle);
    }
    if (PQsetnonblocking(handle, 1) != 0)
        return broken(doing);
    return {};
}

Result<Identity> PgSession::identity(const Patience& patience) {
    const Statement statement{
        "SELECT 'postgresql:' || c.system_identifier || '/' || d.oid FROM pg_control_system() c, "
        "pg_database d WHERE d.datname = current_database()",
        {},
        0,
        "asking which database it is"};
    const auto answer = ask(*this, statement, 1, patience);
    if (answer && answer->rows() == 1 && !answer->at(0, 0).is_null())
        return Identity{{std::string(answer->at(0, 0).text)}, true};
    // Not every server that speaks PostgreSQL's protocol has that function, or lets it be called.
    const bool unknown = answer || answer.error().code == ErrorCode::NotFound ||
                         answer.error().code == ErrorCode::NotPermitted ||
                         answer.error().code == ErrorCode::Unsupported;
    if (!unknown)
        return answer.error();
    return Identity{{m_address}, false};
}

} // namespace weir::warehouse
