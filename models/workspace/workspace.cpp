// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/workspace/workspace.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <QFile>
#include <QSaveFile>

#include "connectors/base/embedded.h"
#include "models/workspace/own_json.h"
#include "models/workspace/schema_check.h"
#include "models/workspace/workspace_json.h"

namespace weir {
namespace {

using workspace_json::Json;

constexpr std::size_t file_bytes_max = 16u << 20;
constexpr const char* demo_path = "resources/workspaces/demo.weir.json";

const Json& schema() {
    static const Json parsed = Json::parse(embedded_file("resources/workspace.schema.json"));
    return parsed;
}

Error io_error(const std::string& file, const std::string& doing) {
    const int cause = errno;
    Error error{ErrorCode::Io, std::strerror(cause), file, doing, ""};
    if (cause == ENOENT) {
        error.code = ErrorCode::NotFound;
        error.what = "there is no such file";
        error.advice = "Check the path.";
    } else if (cause == EACCES || cause == EPERM || cause == EROFS) {
        error.code = ErrorCode::NotPermitted;
        error.advice = "Check the file's permissions.";
    } else if (cause == ENOSPC || cause == EDQUOT) {
        error.code = ErrorCode::DiskFull;
        error.advice = "Make room; the file is as it was.";
    }
    return error;
}

Error too_large(const std::string& file) {
    return {ErrorCode::TooLarge, "the file is larger than 16 MB", file, "reading the workspace",
            "A workspace is a few kilobytes: is this one?"};
}

/// Which version wrote it: decides whether it may be read, and whether unknown members are.
Result<SchemaCheckOptions> check_version(const Json& document, const std::string& file) {
    SchemaCheckOptions options;
    const auto weir = document.find("weir");
    if (!document.is_object() || weir == document.end() || !weir->is_object())
        return options; // the schema has the words for it
    const Json least = weir->value("least_reader", Json());
    const Json version = weir->value("version", Json());
    if (!least.is_number_integer() || !version.is_number_integer())
        return options;
    if (least > workspace_json::format_version)
        return Error{ErrorCode::Unsupported,
                     "the file needs a Weir that reads version " + least.dump() +
                         " of the format; this one reads version 1",
                     file + "#/weir/least_reader", "reading the workspace",
                     "Use a newer Weir, or a file saved by this one."};
    options.allow_unknown_members = version > workspace_json::format_version;
    return options;
}

} // namespace

Result<Workspace> Workspace::parse(const std::string& text, const std::string& file) {
    if (text.size() > file_bytes_max)
        return too_large(file);
    auto document = parse_own_json(text, file, "reading the workspace");
    if (!document)
        return document.error();
    const auto options = check_version(*document, file);
    if (!options)
        return options.error();
    auto error = check_against_schema(schema(), *document, *options);
    if (!error)
        error = workspace_json::check_meaning(*document);
    if (error) {
        error->where = file + "#" + error->where;
        return *error;
    }
    Workspace workspace = workspace_json::read_workspace(*document, file);
    workspace.document = text;
    return workspace;
}

Result<Workspace> Workspace::load(const std::string& file) {
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return io_error(file, "opening the workspace");
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        return Error{ErrorCode::Io, "it is a folder", file, "opening the workspace",
                     "Name the *.weir.json file in it."};
    std::string text(file_bytes_max + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad())
        return io_error(file, "reading the workspace");
    text.resize(static_cast<std::size_t>(in.gcount()));
    text.shrink_to_fit();
    return parse(text, file);
}

Workspace Workspace::demo() {
    auto workspace = parse(std::string(embedded_file(demo_path)), "");
    assert(workspace.ok()); // it is part of the program, and a test reads it
    return std::move(workspace).value();
}

Result<std::string> Workspace::to_json(const std::string& to_file) const {
    Json json = Json::object();
    if (!document.empty()) {
        auto before = parse_own_json(document, file, "reading the workspace");
        if (!before)
            return before.error();
        json = std::move(before).value();
    }
    workspace_json::write_workspace(*this, workspace_json::folder_of(to_file), json);
    std::string text;
    try {
        text = json.dump(2) + "\n";
    } catch (const Json::exception&) {
        return Error{ErrorCode::Config, "a name or path is not valid UTF-8", to_file,
                     "writing the workspace", "Rename it."};
    }
    // What cannot be read again is not written; this is also what keeps secrets out of the file.
    const auto again = parse(text, to_file);
    if (!again)
        return again.error();
    return text;
}

Result<void> Workspace::save(const std::string& to_file) const {
    const auto text = to_json(to_file);
    if (!text)
        return text.error();
    errno = 0;
    QSaveFile out(QFile::decodeName(to_file.c_str()));
    const auto size = static_cast<qint64>(text->size());
    if (!out.open(QIODevice::WriteOnly) || out.write(text->data(), size) != size || !out.commit())
        return io_error(to_file, "saving the workspace");
    return {};
}

const kafka::ConnectionOptions* Workspace::connection(const std::string& named) const {
    for (const kafka::ConnectionOptions& one : connections)
        if (one.name == named)
            return &one;
    return nullptr;
}

const warehouse::ConnectionOptions* Workspace::warehouse(const std::string& named) const {
    for (const warehouse::ConnectionOptions& one : warehouses)
        if (one.name == named)
            return &one;
    return nullptr;
}

const RoleSpec* Workspace::role_of(const std::string& user, RoleSpec::Right right,
                                   kafka::Environment environment) const {
    const auto holds = [](const auto& list, const auto& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    for (const RoleSpec& role : roles)
        if (holds(role.rights, right) && (holds(role.members, user) || holds(role.members, "*")) &&
            (role.environments.empty() || holds(role.environments, environment)))
            return &role;
    return nullptr;
}

bool ContractsSpec::checks(const std::string& place) const {
    const auto named = places.find(place);
    return !folder.empty() && (named == places.end() ? check : named->second.check.value_or(check));
}

std::optional<UnknownTypes> ContractsSpec::said_of_unknown_types(const std::string& place) const {
    const auto named = places.find(place);
    return named != places.end() && named->second.unknown_types ? named->second.unknown_types
                                                                : unknown_types;
}

UnknownTypes ContractsSpec::unknown_types_at(const std::string& place) const {
    return said_of_unknown_types(place).value_or(UnknownTypes::Refuse);
}

MaskingPolicy MaskingSpec::policy_on(kafka::Environment environment) const {
    const auto named = environments.find(environment);
    const MaskingPolicy chosen = named == environments.end() ? policy : named->second;
    if (chosen != MaskingPolicy::Default)
        return chosen;
    return environment == kafka::Environment::Sandbox ? MaskingPolicy::None
                                                      : MaskingPolicy::Contracts;
}

} // namespace weir
