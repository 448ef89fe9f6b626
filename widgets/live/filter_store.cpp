// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/filter_store.h"

#include <QSettings>

#include <algorithm>

namespace weir {

namespace {

const QString folder = QStringLiteral("weir");
const QString file = QStringLiteral("filters");
const QString history_key = QStringLiteral("history");
const QString saved_key = QStringLiteral("saved");

void write(const QList<FilterStore::Saved>& filters) {
    QSettings settings(QSettings::IniFormat, QSettings::UserScope, folder, file);
    settings.remove(saved_key);
    settings.beginWriteArray(saved_key);
    for (qsizetype i = 0; i < filters.size(); ++i) {
        settings.setArrayIndex(static_cast<int>(i));
        settings.setValue(QStringLiteral("name"), filters[i].name);
        settings.setValue(QStringLiteral("text"), filters[i].text);
    }
    settings.endArray();
}

} // namespace

QStringList FilterStore::history() {
    return QSettings(QSettings::IniFormat, QSettings::UserScope, folder, file)
        .value(history_key)
        .toStringList();
}

void FilterStore::remember(const QString& text) {
    if (text.trimmed().isEmpty())
        return;
    QStringList list = history();
    list.removeAll(text);
    list.prepend(text);
    QSettings(QSettings::IniFormat, QSettings::UserScope, folder, file)
        .setValue(history_key, list.mid(0, history_max));
}

QList<FilterStore::Saved> FilterStore::saved() {
    QSettings settings(QSettings::IniFormat, QSettings::UserScope, folder, file);
    QList<Saved> filters;
    const int count = std::min(settings.beginReadArray(saved_key), saved_max);
    for (int i = 0; i < count; ++i) {
        settings.setArrayIndex(i);
        filters.append({settings.value(QStringLiteral("name")).toString(),
                        settings.value(QStringLiteral("text")).toString()});
    }
    settings.endArray();
    return filters;
}

void FilterStore::save(const QString& name, const QString& text) {
    forget(name);
    QList<Saved> filters = saved();
    filters.prepend({name, text});
    write(filters.mid(0, saved_max));
}

void FilterStore::forget(const QString& name) {
    QList<Saved> filters = saved();
    const auto gone = std::remove_if(filters.begin(), filters.end(),
                                     [&](const Saved& one) { return one.name == name; });
    if (gone == filters.end())
        return;
    filters.erase(gone, filters.end());
    write(filters);
}

} // namespace weir
