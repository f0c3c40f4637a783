# Follows one file by its inode. Parameters and replies: README.
fl1_file() {
#@PARAMS
#@INCLUDE lib.sh
#@INCLUDE alone.sh
#@INCLUDE filebody.sh
	fl1_file_main
}
fl1_file
