// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A folder for the files of a test, gone with it.
// Thread contract: one thread.
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <string>

namespace weir::test {

class TestFolder {
  public:
    /// Makes the folders on the way; returns the file's path. A file that cannot be written ends
    /// the test.
    std::string write(const char* name, const QByteArray& text) const {
        const QString path = m_folder.filePath(QString::fromUtf8(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("%s cannot be written", name);
        return path.toStdString();
    }
    std::string path(const char* name) const {
        return m_folder.filePath(QString::fromUtf8(name)).toStdString();
    }

  private:
    QTemporaryDir m_folder;
};

} // namespace weir::test
