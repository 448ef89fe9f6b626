// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/secrets/secrets.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connectors/secrets/command.h"
#include "connectors/secrets/keychain.h"
#include "connectors/secrets/typed_secrets.h"

namespace weir {
namespace {

constexpr std::size_t secret_bytes_max = 64 * 1024;

std::string without_newline(std::string text) {
    if (!text.empty() && text.back() == '\n')
        text.pop_back();
    if (!text.empty() && text.back() == '\r')
        text.pop_back();
    return text;
}

Result<std::string> not_empty(std::string secret, const std::string& where) {
    if (!secret.empty())
        return secret;
    return Error{.code = ErrorCode::NotFound, .what = "the secret there is empty", .where = where};
}

Result<std::string> from_environment(const std::string& name) {
    const char* value = name.empty() ? nullptr : std::getenv(name.c_str());
    if (!value)
        return Error{.code = ErrorCode::NotFound,
                     .what = "the variable is not set",
                     .where = "environment variable " + name,
                     .advice = "Set it before Weir is started."};
    return not_empty(value, "environment variable " + name);
}

Result<std::string> from_file(std::string path) {
    if (path.rfind("~/", 0) == 0)
        if (const char* home = std::getenv("HOME"))
            path.replace(0, 1, home);
    // O_NONBLOCK: a named pipe with nobody at its other end must not hold us.
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        const bool denied = errno == EACCES || errno == EPERM;
        return Error{.code = denied ? ErrorCode::NotPermitted : ErrorCode::NotFound,
                     .what = std::string("the file cannot be read: ") + std::strerror(errno),
                     .where = path,
                     .advice = "Check the path, and that you may read the file."};
    }
    struct stat about {};
    std::string text(secret_bytes_max + 1, '\0');
    std::size_t size = 0;
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode))
        for (ssize_t got;
             size < text.size() && (got = read(file, text.data() + size, text.size() - size)) > 0;)
            size += static_cast<std::size_t>(got);
    close(file);
    if (!S_ISREG(about.st_mode))
        return Error{.code = ErrorCode::Config, .what = "it is not a plain file", .where = path};
    if (size > secret_bytes_max)
        return Error{.code = ErrorCode::TooLarge, .what = "it is over 64 KiB", .where = path};
    text.resize(size);
    return not_empty(without_newline(std::move(text)), path);
}

Result<std::string> from_command(const std::string& command, const SecretPolicy& policy) {
    Result<std::vector<std::string>> words = split_command(command);
    if (!words)
        return words.error();
    const std::string where = "command " + words->front();
    if (!policy.allow_commands)
        return Error{.code = ErrorCode::Refused,
                     .what = "the workspace wants to run a program that you have not approved",
                     .where = where,
                     .advice = "Approve the connection's commands (on the command line: "
                               "--allow-commands), or give the secret otherwise."};
    Result<std::string> printed = run_command(*words, policy.command_wait, secret_bytes_max);
    if (!printed)
        return printed.error();
    return not_empty(without_newline(std::move(printed).value()), where);
}

Error bad_entry() {
    return Error{.code = ErrorCode::Config,
                 .what = "a keychain entry is written keychain:SERVICE/KEY",
                 .advice = "Neither may be empty, and the service has no slash."};
}

Result<std::string> from_keychain(const std::string& entry, const SecretPolicy& policy) {
    const std::size_t slash = entry.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == entry.size())
        return bad_entry();
    return keychain::ask(keychain::Action::Read, entry.substr(0, slash), entry.substr(slash + 1),
                         {}, policy.keychain_wait);
}

Result<void> change_keychain(keychain::Action action, const std::string& service,
                             const std::string& key, const std::string& secret,
                             std::chrono::milliseconds wait) {
    if (service.empty() || key.empty() || service.find('/') != std::string::npos)
        return bad_entry();
    Result<std::string> done = keychain::ask(action, service, key, secret, wait);
    if (!done)
        return done.error();
    return {};
}

} // namespace

Result<std::string> resolve_secret(const kafka::SecretRef& reference, const SecretPolicy& policy) {
    if (std::optional<std::string> typed = typed_secret(reference))
        return *std::move(typed);
    const std::size_t colon = reference.text.find(':');
    const std::string kind = reference.text.substr(0, colon == std::string::npos ? 0 : colon);
    const std::string rest = colon == std::string::npos ? "" : reference.text.substr(colon + 1);
    if (kind == "env")
        return from_environment(rest);
    if (kind == "file")
        return from_file(rest);
    if (kind == "command")
        return from_command(rest, policy);
    if (kind == "keychain")
        return from_keychain(rest, policy);
    // The text may be the secret itself, put there by mistake: it is not repeated.
    return Error{.code = ErrorCode::Config,
                 .what = "a secret is given that is not a reference",
                 .advice = "Write env:NAME, keychain:SERVICE/KEY, file:PATH or command:…."};
}

kafka::SecretResolver secret_resolver(std::string connection, SecretPolicy policy) {
    return [connection = std::move(connection), policy](const kafka::SecretRef& reference) {
        Result<std::string> secret = resolve_secret(reference, policy);
        if (secret)
            return secret;
        Error error = std::move(secret).error();
        error.where = error.where.empty() ? connection : connection + ": " + error.where;
        error.tried = "getting a secret";
        return Result<std::string>(std::move(error));
    };
}

Result<void> store_in_keychain(const std::string& service, const std::string& key,
                               const std::string& secret, std::chrono::milliseconds wait) {
    return change_keychain(keychain::Action::Write, service, key, secret, wait);
}

Result<void> remove_from_keychain(const std::string& service, const std::string& key,
                                  std::chrono::milliseconds wait) {
    return change_keychain(keychain::Action::Remove, service, key, {}, wait);
}

} // namespace weir
