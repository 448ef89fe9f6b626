// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/live_table_accessible.h"

#include <QAccessibleWidget>

#include "widgets/live/live_table.h"

namespace weir {

namespace {

class LiveTableAccessible : public QAccessibleWidget {
  public:
    explicit LiveTableAccessible(LiveTable* table)
        : QAccessibleWidget(table, QAccessible::List) {}

    QString text(QAccessible::Text which) const override {
        auto* const table = static_cast<LiveTable*>(widget());
        if (which == QAccessible::Value) {
            const auto row = table->currentRow();
            return table->rowText(row.value_or(0)).replace(u'\t', u' ');
        }
        return QAccessibleWidget::text(which);
    }
};

QAccessibleInterface* make(const QString& /*class_name*/, QObject* object) {
    auto* const table = qobject_cast<LiveTable*>(object);
    return table ? new LiveTableAccessible(table) : nullptr;
}

} // namespace

void install_live_table_accessibility() {
    static const bool installed = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    Q_UNUSED(installed)
}

} // namespace weir
