// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/base/observed_ids.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>

namespace weir {

namespace {

constexpr int version = 1;
constexpr int lock_wait_ms = 5000;
constexpr qint64 file_bytes_max = 16 * 1024 * 1024;

const QString format_word = QStringLiteral("weir-observed-clusters");

Error file_error(ErrorCode code, const std::string& what, const std::string& path) {
    return {code, what, path, "looking up what was observed",
            "Nothing is written anywhere while this file cannot be read."};
}

const QString sandbox_word = QStringLiteral("sandbox");

QString word(Environment e) {
    if (e == Environment::Sandbox)
        return sandbox_word;
    return e == Environment::Staging ? QStringLiteral("staging") : QStringLiteral("production");
}

Environment environment_in(const QString& word) {
    if (word == sandbox_word)
        return Environment::Sandbox;
    return word == QStringLiteral("staging") ? Environment::Staging : Environment::Production;
}

QJsonObject to_json(const ObservedId& id) {
    return {{QStringLiteral("cluster_id"), QString::fromStdString(id.id)},
            {QStringLiteral("connection"), QString::fromStdString(id.connection)},
            {QStringLiteral("environment"), word(id.environment)},
            {QStringLiteral("first_seen_us"), QString::number(id.first_seen.value())}};
}

ObservedId from_json(const QJsonObject& o) {
    ObservedId id;
    id.id = o[QStringLiteral("cluster_id")].toString().toStdString();
    id.connection = o[QStringLiteral("connection")].toString().toStdString();
    id.environment = environment_in(o[QStringLiteral("environment")].toString());
    id.first_seen = Micros(o[QStringLiteral("first_seen_us")].toString().toLongLong());
    return id;
}

} // namespace

std::string ObservedIds::default_path() {
    const QString given = qEnvironmentVariable("WEIR_OBSERVED_IDS");
    if (!given.isEmpty())
        return given.toStdString();
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return data.toStdString() + "/weir/observed-clusters.json";
}

Result<std::vector<ObservedId>> ObservedIds::read_file() const {
    QFile file(QString::fromStdString(m_path));
    if (!file.exists())
        return std::vector<ObservedId>{};
    if (!file.open(QIODevice::ReadOnly))
        return file_error(ErrorCode::Io, file.errorString().toStdString(), m_path);
    if (file.size() > file_bytes_max)
        return file_error(ErrorCode::Corrupt, "the file is far too large", m_path);
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    const QJsonObject root = document.object();
    if (!document.isObject() || root[QStringLiteral("format")].toString() != format_word ||
        !root[QStringLiteral("clusters")].isArray())
        return file_error(ErrorCode::Corrupt, "this is no list of observed clusters", m_path);
    if (root[QStringLiteral("least_reader")].toInt(INT32_MAX) > version)
        return file_error(ErrorCode::Corrupt, "the file was written by a newer Weir", m_path);
    std::vector<ObservedId> ids;
    const QJsonArray clusters = root[QStringLiteral("clusters")].toArray();
    for (const auto& value : clusters) {
        ids.push_back(from_json(value.toObject()));
        if (ids.back().id.empty())
            return file_error(ErrorCode::Corrupt, "an entry has no id", m_path);
    }
    return ids;
}

Result<std::vector<ObservedId>> ObservedIds::load() const {
    return read_file(); // the file is only ever replaced whole
}

Result<ObservedId> ObservedIds::find(const std::string& wanted) const {
    auto ids = load();
    if (!ids)
        return ids.error();
    for (ObservedId& id : *ids)
        if (id.id == wanted)
            return std::move(id);
    return ObservedId{};
}

namespace {

Result<void> take(QLockFile& lock, const QString& path) {
    const std::string told = path.toStdString();
    if (!QDir().mkpath(QFileInfo(path).absolutePath()))
        return file_error(ErrorCode::Io, "its folder cannot be made", told);
    if (lock.tryLock(lock_wait_ms))
        return {};
    const bool held = lock.error() == QLockFile::LockFailedError;
    return file_error(ErrorCode::Io,
                      held ? "another Weir holds its lock" : "its folder cannot be written to",
                      told);
}

QString lock_of(const QString& path) {
    return path + QStringLiteral(".lock");
}

} // namespace

Result<void> ObservedIds::check_recordable() const {
    const QString path = QString::fromStdString(m_path);
    QLockFile lock(lock_of(path));
    return take(lock, path);
}

Result<void> ObservedIds::record(const ObservedId& id) const {
    const QString path = QString::fromStdString(m_path);
    QLockFile lock(lock_of(path));
    if (auto taken = take(lock, path); !taken)
        return taken;
    auto known = read_file();
    if (!known)
        return known.error();
    std::vector<ObservedId>& ids = *known;
    if (std::any_of(ids.begin(), ids.end(), [&](const ObservedId& k) { return k.id == id.id; }))
        return {};
    if (ids.size() >= ids_max)
        return file_error(ErrorCode::TooLarge, "the list is full", m_path);
    ids.push_back(id);
    QJsonArray clusters;
    for (const ObservedId& k : ids)
        clusters.append(to_json(k));
    const QJsonObject root{{QStringLiteral("format"), format_word},
                           {QStringLiteral("version"), version},
                           {QStringLiteral("least_reader"), version},
                           {QStringLiteral("clusters"), clusters}};
    QSaveFile file(path);
    const QByteArray text = QJsonDocument(root).toJson();
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return file_error(ErrorCode::Io, file.errorString().toStdString(), m_path);
    return {};
}

} // namespace weir
