// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/user_settings.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QJsonDocument>

namespace weir {
namespace {

/// Everything of a workspace that decides what a connection does: where it goes, as whom, and which
/// commands it would run. Another address or another command in the same file is asked for anew.
QString fingerprint(const Workspace& workspace) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&hash](const std::string& text) {
        hash.addData(QByteArray(QByteArray::number(static_cast<qulonglong>(text.size())) + ':'));
        hash.addData(QByteArray::fromStdString(text));
    };
    for (const kafka::ConnectionOptions& c : workspace.connections) {
        const kafka::Security& s = c.security;
        add(c.name);
        add(c.bootstrap);
        for (const int number : {int(c.environment), int(s.protocol), int(s.mechanism),
                                 int(s.verify_hostname), int(s.oauth.source)})
            add(std::to_string(number));
        for (const std::string& text :
             {s.ca_file, s.certificate_file, s.key_file, s.key_password.text, s.keystore_file,
              s.keystore_password.text, s.username, s.password.text, s.oauth.token_endpoint,
              s.oauth.client_id, s.oauth.client_secret.text, s.oauth.scope, s.oauth.file,
              s.oauth.command, s.oauth.principal})
            add(text);
        for (const auto& [name, value] : c.properties) {
            add(name);
            add(value);
        }
    }
    return QString::fromLatin1(hash.result().toHex());
}

QString trust_key(const Workspace& workspace) {
    const QFileInfo info(QString::fromStdString(workspace.file));
    const QByteArray path = info.absoluteFilePath().toUtf8();
    return QStringLiteral("trust/") %
           QString::fromLatin1(QCryptographicHash::hash(path, QCryptographicHash::Sha256).toHex());
}

} // namespace

UserSettings::UserSettings()
    : m_store(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("weir"),
              QStringLiteral("weir")) {}

UserSettings::UserSettings(const QString& file)
    : m_store(file, QSettings::IniFormat) {}

QByteArray UserSettings::geometry() const {
    return m_store.value(QStringLiteral("window/geometry")).toByteArray();
}

void UserSettings::setGeometry(const QByteArray& geometry) {
    m_store.setValue(QStringLiteral("window/geometry"), geometry);
}

ThemeChoice UserSettings::theme() const {
    return Theme::choice_from(m_store.value(QStringLiteral("window/theme")).toString());
}

void UserSettings::setTheme(ThemeChoice choice) {
    m_store.setValue(QStringLiteral("window/theme"), Theme::word(choice));
}

QString UserSettings::zone() const {
    return m_store.value(QStringLiteral("window/zone"), QStringLiteral("utc")).toString();
}

void UserSettings::setZone(const QString& id) {
    m_store.setValue(QStringLiteral("window/zone"), id);
}

QString UserSettings::range() const {
    return m_store.value(QStringLiteral("window/range"), QStringLiteral("all")).toString();
}

void UserSettings::setRange(const QString& id) {
    m_store.setValue(QStringLiteral("window/range"), id);
}

QJsonObject UserSettings::layout(const QString& view) const {
    const QByteArray text = m_store.value(QStringLiteral("layout/") % view).toByteArray();
    return QJsonDocument::fromJson(text).object();
}

void UserSettings::setLayout(const QString& view, const QJsonObject& state) {
    m_store.setValue(QStringLiteral("layout/") % view,
                     QJsonDocument(state).toJson(QJsonDocument::Compact));
}

QStringList UserSettings::recentWorkspaces() const {
    return m_store.value(QStringLiteral("workspaces/recent")).toStringList();
}

void UserSettings::addRecentWorkspace(const QString& file) {
    QStringList recent = recentWorkspaces();
    const QString path = QFileInfo(file).absoluteFilePath();
    recent.removeAll(path);
    recent.prepend(path);
    m_store.setValue(QStringLiteral("workspaces/recent"), QStringList(recent.mid(0, 10)));
}

bool UserSettings::mayConnect(const Workspace& workspace) const {
    return workspace.file.empty() ||
           m_store.value(trust_key(workspace)).toString() == fingerprint(workspace);
}

void UserSettings::setMayConnect(const Workspace& workspace) {
    m_store.beginGroup(QStringLiteral("trust"));
    const QStringList keys = m_store.childKeys();
    if (keys.size() >= 200)
        m_store.remove(keys.first());
    m_store.endGroup();
    m_store.setValue(trust_key(workspace), fingerprint(workspace));
}

} // namespace weir
