package disks

const syncfs, renameat2 = 306, 316
