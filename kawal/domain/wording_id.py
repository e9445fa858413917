"""The wording of every notice in Indonesian, read by `kawal.domain.notice_words`.

A line `kind: subject`, below it the sentences: `-` for every recipient, `!` for the one whose report it is (what
they can do), indented lines that go on the sentence above. Places in braces are filled from the notice.
"""

TEXT = """
received: Laporan {id} diterima
  - Laporan Anda telah diterima dengan nomor {id}.
  - Laporan diverifikasi paling lambat {deadline}.
  ! Simpan nomor ini untuk mengikuti perkembangan laporan Anda.
new_report: Laporan baru {id}
  - Laporan {id} masuk dan menunggu verifikasi.
  - Batas verifikasi dan penerusan: {deadline}.
verified: Laporan {id} diverifikasi
  - Laporan {id} telah diverifikasi sebagai {class}.
  - Kategori: {category}.
supervised: Laporan {id} berkadar pengawasan
  - Laporan {id} dinyatakan berkadar pengawasan dan masuk daftar kerja Inspektorat.
held: Laporan {id} perlu dilengkapi
  - Laporan {id} ditunda karena belum lengkap.
  ! Balaslah dengan keterangan yang diminta paling lambat {deadline}; lewat tanggal itu laporan diarsipkan.
hold_expired: Laporan {id} diarsipkan
  - Laporan {id} diarsipkan karena keterangan yang diminta tidak diterima dalam batas waktu.
  ! Anda dapat menyampaikan laporan baru dengan keterangan yang lengkap.
replied: Balasan pelapor untuk laporan {id}
  - Pelapor membalas laporan {id}.
forwarded: Laporan {id} diteruskan
  - Laporan {id} diteruskan kepada {opds}.
  - Tindak lanjut pertama paling lambat {deadline}.
to_handle: Laporan {id} diteruskan kepada Anda
  - Laporan {id} diteruskan kepada {opd}.
  - Batas tindak lanjut pertama: {deadline}.
  ! Bila bukan kewenangan Anda, kembalikan segera dengan alasan.
handled: Laporan {id} ditangani
  - Laporan {id} ditangani langsung oleh admin instansi.
returned: Laporan {id} dikembalikan
  - Laporan {id} dikembalikan oleh {opd}.
  - Batas penerusan kembali: {deadline}.
withdrawn: Laporan {id} ditarik
  - Laporan {id} ditarik dari {opd}; tidak ada lagi yang perlu Anda kerjakan untuk laporan ini.
asked: Pertanyaan tentang laporan {id}
  - Ada pertanyaan tentang laporan {id}.
  ! Balaslah paling lambat {deadline}.
question_lapsed: Pertanyaan laporan {id} tidak dijawab
  - Pelapor tidak menjawab pertanyaan tentang laporan {id} dalam batas waktu; tenggat berjalan terus dan laporan
    tetap harus ditindaklanjuti.
followed_up: Laporan {id} ditindaklanjuti
  - Laporan {id} ditindaklanjuti oleh {opd}.
followed_up_final: Tindak lanjut akhir laporan {id}
  - {opd} menyampaikan tindak lanjut akhir atas laporan {id}.
  - Selesai otomatis dalam 10 hari kerja bila tidak ada tanggapan.
  - Tanggal penutupan otomatis: {deadline}.
  ! Anda dapat menerima tindak lanjut ini dan memberi nilai, atau menyanggahnya dengan alasan.
extension_asked: Permintaan perpanjangan laporan {id}
  - {opd} meminta perpanjangan {days} hari kerja untuk laporan {id}.
  ! Putuskan sebelum tenggat; lewat tenggat permintaan gugur.
extension_granted: Perpanjangan laporan {id} disetujui
  - Perpanjangan {days} hari kerja untuk laporan {id} disetujui.
  - Tenggat penyelesaian kini {deadline}.
extended: Tenggat laporan {id} diperpanjang
  - Penyelesaian laporan {id} diperpanjang {days} hari kerja.
  - Tenggat penyelesaian kini {deadline}.
extension_refused: Perpanjangan laporan {id} ditolak
  - Permintaan perpanjangan laporan {id} ditolak; tenggat tidak berubah.
extension_lapsed: Permintaan perpanjangan laporan {id} gugur
  - Permintaan perpanjangan laporan {id} belum diputuskan sampai tenggat dan karena itu gugur.
disputed: Tindak lanjut laporan {id} disanggah
  - Pelapor menyanggah tindak lanjut akhir laporan {id}; laporan kembali dalam proses.
  - Tenggat penyelesaian: {deadline}.
second_dispute: Sanggahan ke-{count} atas laporan {id}
  - Laporan {id} disanggah untuk ke-{count} kalinya dan masuk daftar kerja Inspektorat.
archived: Laporan {id} diarsipkan
  - Laporan {id} diarsipkan.
passed_on: Laporan {id} bukan wewenang instansi ini
  - Laporan {id} berada di luar wewenang instansi ini dan disampaikan kepada instansi yang berwenang.
merged: Laporan {id} digabung
  - Laporan {id} digabung dengan laporan {main} tentang hal yang sama; Anda diberi kabar tentang setiap
    perkembangannya.
ended: Laporan {id} tidak perlu ditindaklanjuti lagi
  - Laporan {id} telah berakhir di admin instansi; tidak ada lagi yang perlu Anda kerjakan untuk laporan ini.
accepted: Laporan {id} selesai
  - Laporan {id} selesai karena tindak lanjutnya telah diterima pelapor.
  ! Terima kasih atas laporan Anda.
closed: Laporan {id} selesai
  - Laporan {id} ditutup oleh admin instansi.
  ! Anda masih dapat memberi nilai.
closed_no_reply: Laporan {id} selesai otomatis
  - Laporan {id} selesai otomatis karena tidak ada tanggapan dalam 10 hari kerja setelah tindak lanjut akhir.
  ! Anda masih dapat memberi nilai.
closed_unanswered: Laporan {id} selesai otomatis
  - Laporan {id} selesai otomatis karena pertanyaan kepada pelapor tidak dijawab dalam 10 hari kerja.
  ! Anda masih dapat memberi nilai.
reopened: Laporan {id} dibuka kembali
  - Laporan {id} dibuka kembali dan diproses lagi.
  - Tenggat penyelesaian: {deadline}.
to_handle_again: Laporan {id} dibuka kembali
  - Laporan {id} dibuka kembali; {opd} perlu menindaklanjutinya lagi.
  - Tenggat penyelesaian: {deadline}.
escalated: Laporan {id} dieskalasi
  - Laporan {id} dieskalasi ke Inspektorat sebelum tenggatnya dan masuk daftar kerja.
instructed: Instruksi Inspektorat untuk laporan {id}
  - Inspektorat memberi instruksi atas laporan {id}.
  - Laksanakan paling lambat {by}.
instruction_missed: Instruksi laporan {id} tidak dilaksanakan
  - Instruksi atas laporan {id} tidak dilaksanakan sampai tanggalnya; eskalasi berjalan lagi sejak tanggal itu.
taken_over: Laporan {id} diambil alih Inspektorat
  - Penanganan laporan {id} diambil alih oleh Inspektorat.
  - Batas penyelesaian oleh Inspektorat: {deadline}.
nudged: Laporan {id} ditanyakan
  - Admin instansi menanyakan perkembangan laporan {id} kepada {opd}.
reminder: Pengingat: laporan {id}
  - Separuh waktu {clock} laporan {id} telah berlalu.
  - Tenggat: {deadline}.
reminder_last: Hari terakhir: laporan {id}
  - Hari ini hari kerja terakhir untuk {clock} laporan {id}.
  - Tenggat: {deadline}.
breached: Laporan {id} melewati tenggat
  - Tenggat {clock} laporan {id} telah lewat dan dilaporkan kepada Inspektorat.
  - Tenggat semula: {deadline}.
  - OPD: {opd}.
item_breached: Laporan {id} melewati tenggat
  - Tenggat {clock} laporan {id} telah lewat; laporan masuk daftar kerja Inspektorat.
  - Tenggat semula: {deadline}.
  - OPD: {opd}.
import_digest: {count} laporan impor masuk daftar kerja, antara lain {id}
  - Berkas yang diimpor memuat {count} laporan terbuka yang langkahnya sudah terlambat atau berkadar pengawasan.
  - Semuanya ada di daftar kerja Inspektorat sejak diimpor, dan tingkat eskalasinya dihitung sejak hari itu.
rung_two: Laporan {id} belum terselesaikan: tingkat Sekretaris Daerah
  - Laporan {id} telah dieskalasi ke Inspektorat dan tiga hari kerja kemudian belum terselesaikan.
  - Langkah yang terlambat: {clock}.
  - OPD: {opd}.
rung_three: Laporan {id} belum terselesaikan: tingkat Gubernur
  - Laporan {id} telah dieskalasi ke Inspektorat dan tujuh hari kerja kemudian belum terselesaikan.
  - Langkah yang terlambat: {clock}.
  - OPD: {opd}.
ombudsman: Laporan {id}: hak Anda untuk melapor ke Ombudsman
  - Laporan {id} belum terselesaikan dan telah disampaikan kepada Gubernur.
  ! Anda berhak menyampaikan laporan kepada Ombudsman Republik Indonesia sesuai UU Nomor 37 Tahun 2008.
"""
