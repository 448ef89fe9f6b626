// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What tests on both kinds of warehouse begin with: a folder for SQLite's files, a running
// PostgreSQL, and a list of observed clusters of their own.
// Thread contract: one thread.
#pragma once

#include <QTemporaryDir>
#include <QtTest>

#include <memory>

#include "tests/support/postgres_server.h"

namespace weir::test {

class WarehouseKindsTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_server = running_postgres();
    }
    void cleanupTestCase() { m_server.reset(); }

  protected:
    /// The running server where add_warehouse_kinds() says PostgreSQL; else null: SQLite.
    PostgresServer* server() const {
        QFETCH(bool, postgresql);
        return postgresql ? m_server.get() : nullptr;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<PostgresServer> m_server;
};

} // namespace weir::test
