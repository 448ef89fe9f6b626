// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "connectors/archive/part_file.h"
#include "tests/support/verify.h"

using namespace weir;

class TestPartFile : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::string file(const char* name) const {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }
    QStringList names() const {
        return QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
    static QByteArray content(const std::string& name) {
        QFile file(QString::fromStdString(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
    }

  private Q_SLOTS:
    void cleanup() {
        for (const QString& name : names())
            QVERIFY(QFile::remove(m_folder.filePath(name)));
    }

    void a_file_has_its_name_once_it_is_whole() {
        for (const auto part : {PartFile::Part::Named, PartFile::Part::Own}) {
            PartFile written(file("a"), part);
            VERIFY_OK(written.write("first "));
            VERIFY_OK(written.write("second"));
            QVERIFY(!names().contains(QStringLiteral("a")));
            VERIFY_OK(written.finish());
            QCOMPARE(content(file("a")), QByteArray("first second"));
            QCOMPARE(names().size(), 1);
            cleanup();
        }
    }

    void what_is_not_finished_is_gone() {
        for (const auto part : {PartFile::Part::Named, PartFile::Part::Own})
            VERIFY_OK(PartFile(file("a"), part).write("half"));
        QCOMPARE(names(), QStringList());
    }

    void two_who_write_at_once_do_not_mix_theirs() {
        PartFile one(file("a"), PartFile::Part::Own);
        PartFile other(file("a"), PartFile::Part::Own);
        VERIFY_OK(one.write("one, whole"));
        VERIFY_OK(other.write("other"));
        VERIFY_OK(one.finish());
        QCOMPARE(content(file("a")), QByteArray("one, whole"));
        VERIFY_OK(other.finish());
        QCOMPARE(content(file("a")), QByteArray("other"));
        QCOMPARE(names().size(), 1);
    }

    void a_file_that_cannot_be_made_is_told_with_a_mend() {
        for (const auto part : {PartFile::Part::Named, PartFile::Part::Own}) {
            PartFile nowhere(file("no/such/folder"), part);
            const auto refused = nowhere.write("x");
            VERIFY_ERROR(refused, ErrorCode::Io);
            QVERIFY(!refused.error().advice.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestPartFile)
#include "tst_part_file.moc"
